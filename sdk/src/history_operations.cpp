#include <penstock/history_operations.hpp>

#include <algorithm>
#include <array>

namespace penstock {
namespace {

// In the order of the enumerators.
constexpr std::array<std::string_view, 23> kAggregateWords{"none",
                                                           "interpolative",
                                                           "average",
                                                           "time_average",
                                                           "total",
                                                           "minimum",
                                                           "maximum",
                                                           "minimum_time",
                                                           "maximum_time",
                                                           "range",
                                                           "count",
                                                           "duration_in_state_zero",
                                                           "duration_in_state_non_zero",
                                                           "transitions",
                                                           "start",
                                                           "end",
                                                           "delta",
                                                           "first",
                                                           "last",
                                                           "percent_good",
                                                           "percent_bad",
                                                           "worst_quality",
                                                           "standard_deviation"};
static_assert(kAggregateWords.size() == static_cast<std::size_t>(Aggregate::standard_deviation) + 1);

}  // namespace

// Columns may come from a peer: nothing in them is believed.
Value SampleColumns::value(std::size_t row) const {
    if (is_bad(quality(row))) return {};
    if (is_scalar_word(type)) return Value::from_word(type, word[row]);
    const auto offset = word[row] >> 32U;
    const auto length = word[row] & 0xFFFF'FFFFU;
    if (offset > blob.size() || length > blob.size() - offset) return {};
    auto value = Value::from_blob(type, std::string_view(blob).substr(offset, length));
    return value ? *std::move(value) : Value();
}

std::string_view SampleColumns::cause(std::size_t row) const {
    const auto number = status_cause(status[row]);
    return number == 0 || number > causes.size() ? std::string_view() : causes[number - 1U];
}

std::string_view to_string(Aggregate aggregate) noexcept {
    const auto number = static_cast<std::size_t>(aggregate);
    return number < kAggregateWords.size() ? kAggregateWords[number] : "unknown";
}

Aggregate parse_aggregate(std::string_view word) noexcept {
    const auto found = std::ranges::find(kAggregateWords, word);
    return found == kAggregateWords.end() ? Aggregate::none : static_cast<Aggregate>(found - kAggregateWords.begin());
}

}  // namespace penstock
