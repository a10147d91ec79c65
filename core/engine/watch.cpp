#include "core/engine/watch.hpp"

#include <numeric>

namespace penstock::engine {

Watch::Watch(tags::TagTable& table)
    : table_(table), begin_(table.catalog().id_limit() + std::size_t{1}), marks_(table.catalog().id_limit()) {}

// The rows of a sparse matrix, one after the other: first counted, then filled.
void Watch::add(std::span<const Dependence> more) {
    const auto tags = marks_.size();
    std::vector<std::uint32_t> begin(tags + 1);
    for (std::size_t tag = 0; tag < tags; ++tag) begin[tag + 1] = begin_[tag + 1] - begin_[tag];
    for (const auto& each : more) ++begin[each.tag + std::size_t{1}];
    std::partial_sum(begin.begin(), begin.end(), begin.begin());

    std::vector<Dependent> all(begin.back());
    auto next = begin;
    for (std::size_t tag = 0; tag < tags; ++tag) {
        for (const auto& each : dependents(static_cast<tags::TagId>(tag))) all[next[tag]++] = each;
    }
    for (const auto& each : more) {
        all[next[each.tag]++] = {static_cast<std::uint32_t>(each.kind) & 7U, each.index & 0x1FFF'FFFFU};
        marks_[each.tag] |= kWatched;
        set_band(each.tag, std::numeric_limits<double>::quiet_NaN(), std::numeric_limits<double>::quiet_NaN());
    }
    begin_ = std::move(begin);
    dependents_ = std::move(all);
}

void Watch::set_band(tags::TagId tag, double low, double high) noexcept {
    auto& cell = table_.cell(tag);
    cell.quiet_low.store(word_of(low), std::memory_order_relaxed);
    cell.quiet_high.store(word_of(high), std::memory_order_relaxed);
}

void Watch::clear() noexcept {
    for (const auto tag : noted_) marks_[tag] = kWatched;
    noted_.clear();
}

}  // namespace penstock::engine
