#include "core/journal/segment_table.hpp"

#include <algorithm>

namespace penstock::journal {

void SparseIndex::add(Place place) {
    const std::scoped_lock lock(mutex_);
    if (!places_.empty() && place.offset < places_.back().offset + kStride) return;
    places_.push_back(place);
}

SparseIndex::Place SparseIndex::find(Position sequence, Place start) const {
    const std::scoped_lock lock(mutex_);
    const auto after = std::ranges::upper_bound(places_, sequence, {}, &Place::sequence);
    return after == places_.begin() ? start : *std::prev(after);
}

void SegmentTable::push(std::shared_ptr<SegmentInfo> segment, std::uint64_t end_offset) {
    const std::scoped_lock lock(mutex_);
    if (!entries_.empty() && entries_.back().segment->first == segment->first) entries_.pop_back();
    durable_ = segment->first;
    entries_.push_back({std::move(segment), end_offset});
}

void SegmentTable::set_durable(Position position, std::uint64_t end_offset) {
    const std::scoped_lock lock(mutex_);
    durable_ = position;
    if (!entries_.empty()) entries_.back().end_offset = end_offset;
}

std::shared_ptr<SegmentInfo> SegmentTable::oldest_before(Position position) const {
    const std::scoped_lock lock(mutex_);
    if (entries_.size() < 2 || entries_[1].segment->first > position) return nullptr;
    return entries_[0].segment;
}

void SegmentTable::pop_oldest() {
    const std::scoped_lock lock(mutex_);
    entries_.erase(entries_.begin());
}

Position SegmentTable::first() const {
    const std::scoped_lock lock(mutex_);
    return entries_.empty() ? durable_ : entries_.front().segment->first;
}

Position SegmentTable::durable() const {
    const std::scoped_lock lock(mutex_);
    return durable_;
}

SegmentTable::View SegmentTable::find(Position position) const {
    const std::scoped_lock lock(mutex_);
    if (entries_.empty()) return {};
    const auto first_of = [](const Entry& entry) { return entry.segment->first; };
    auto after = std::ranges::upper_bound(entries_, position, {}, first_of);
    if (after == entries_.begin()) ++after;
    const auto& entry = *std::prev(after);
    const bool is_newest = after == entries_.end();
    return {entry.segment, is_newest ? durable_ : after->segment->first, entry.end_offset, is_newest};
}

SegmentTable::Totals SegmentTable::totals() const {
    const std::scoped_lock lock(mutex_);
    Totals totals{entries_.size(), 0};
    for (const auto& entry : entries_) totals.bytes += entry.segment->bytes;
    // The newest is allocated whole, and filled up to here.
    if (!entries_.empty() && entries_.back().end_offset != 0)
        totals.bytes += entries_.back().end_offset - entries_.back().segment->bytes;
    return totals;
}

}  // namespace penstock::journal
