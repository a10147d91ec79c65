#include "summary.hpp"

#include <array>
#include <bit>
#include <cmath>
#include <limits>

#include "codec/crc32c.hpp"

namespace penstock::sqlite {
namespace {

constexpr double kNone = std::numeric_limits<double>::quiet_NaN();

// Times may lie at both ends of what 64 bits hold.
double seconds_between(std::int64_t from, std::int64_t to) noexcept {
    std::int64_t ns = 0;
    if (!__builtin_sub_overflow(to, from, &ns)) return static_cast<double>(ns) * 1e-9;
    return (static_cast<double>(to) - static_cast<double>(from)) * 1e-9;
}

}  // namespace

double number_of(ValueType type, StatusWord status, std::uint64_t word) noexcept {
    if (is_bad(status_quality(status))) return kNone;
    switch (type) {
        case ValueType::float64: return double_of(word);
        case ValueType::int64: return static_cast<double>(static_cast<std::int64_t>(word));
        case ValueType::uint64: return static_cast<double>(word);
        case ValueType::boolean: return word != 0 ? 1U : 0U;
        default: return kNone;
    }
}

std::uint32_t SummaryRow::checksum() const noexcept {
    // SQLite keeps no NaN, and no sign of a zero; so neither may count.
    const auto bits = [](double value) {
        return std::isnan(value) ? ~std::uint64_t{0} : std::bit_cast<std::uint64_t>(value + 0.0);
    };
    const std::array<std::uint64_t, 18> words = {series,
                                                 id,
                                                 sequence,
                                                 static_cast<std::uint64_t>(summary.first_time),
                                                 static_cast<std::uint64_t>(summary.last_time),
                                                 summary.count,
                                                 summary.good,
                                                 summary.bad,
                                                 static_cast<std::uint64_t>(summary.minimum_time),
                                                 static_cast<std::uint64_t>(summary.maximum_time),
                                                 static_cast<std::uint64_t>(summary.worst),
                                                 summary.transitions,
                                                 bits(summary.minimum),
                                                 bits(summary.maximum),
                                                 bits(summary.first),
                                                 bits(summary.last),
                                                 bits(summary.weighted_sum),
                                                 bits(summary.weighted_seconds)};
    return crc32c({reinterpret_cast<const char*>(words.data()), sizeof words});
}

SampleSummary summary_of(const SampleView& rows, ValueType type) noexcept {
    SampleSummary summary;
    summary.first_time = rows.time.front();
    summary.last_time = rows.time.back();
    summary.count = rows.size();
    summary.minimum = summary.maximum = kNone;
    summary.minimum_time = summary.maximum_time = summary.first_time;
    summary.first = number_of(type, rows.status[0], rows.word[0]);
    bool has_before = false;
    std::uint64_t word_before = 0;
    for (std::size_t i = 0; i < rows.size(); ++i) {
        const auto quality = status_quality(rows.status[i]);
        const auto value = number_of(type, rows.status[i], rows.word[i]);
        summary.last = value;
        const bool is_none = is_scalar_word(type) ? std::isnan(value) : is_bad(quality);
        summary.worst = worse(summary.worst, is_none && !is_bad(quality) ? QualityCode::bad : quality);
        if (is_none) {
            ++summary.bad;
            continue;
        }
        summary.good += is_good(quality) ? 1U : 0U;
        if (has_before && rows.word[i] != word_before) ++summary.transitions;
        has_before = true;
        word_before = rows.word[i];
        if (!(summary.minimum <= value)) {
            summary.minimum = value;
            summary.minimum_time = rows.time[i];
        }
        if (!(summary.maximum >= value)) {
            summary.maximum = value;
            summary.maximum_time = rows.time[i];
        }
        if (i + 1 == rows.size()) break;
        const auto seconds = seconds_between(rows.time[i], rows.time[i + 1]);
        summary.weighted_sum += value * seconds;
        summary.weighted_seconds += seconds;
    }
    return summary;
}

}  // namespace penstock::sqlite
