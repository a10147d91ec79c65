// What memory tags are: written by people, kept by the server.

#include "core/engine/applier_parts.hpp"
#include "core/tags/tag_reader.hpp"

namespace penstock::engine {

using tags::CauseId;
using tags::CellState;
using tags::TagTable;

void Applier::count_all_bad() {
    std::uint64_t bad = 0;
    for (const auto tag : table_.catalog().by_name())
        bad += is_bad(CellState::unpack(0, relaxed(table_.cell(tag).since)).quality);
    tags_bad_.store(bad, std::memory_order_relaxed);
}

void Applier::start_from_table(UtcTime now) {
    count_all_bad();
    if (capture_ == nullptr) return;
    const Arrival arrival(now);
    const tags::TagReader reader(table_);
    for (const auto tag : table_.catalog().by_name()) {
        if (memory_modes_[tag] == CaptureMode::off) continue;
        const auto state = reader.snapshot(tag);
        if (state.has_value) capture_memory(tag, state.value(), state.quality, state.cause, arrival);
    }
}

bool Applier::apply_memory(tags::TagId tag, const Value& value, UtcTime now) {
    const Arrival arrival(now);
    auto& cell = table_.cell(tag);
    const auto old_since = relaxed(cell.since);
    const auto since = arrival.since(old_since, QualityCode::good, true);
    const TagTable::Write words{value.word(), value.word(), static_cast<std::uint64_t>(arrival.ns),
                                CellState::pack_received(arrival.ms, tags::kNoCause), since};
    if (is_scalar_word(value.type())) {
        TagTable::store(cell, words);
    } else if (!table_.store_blob(cell, value.blob(), words)) {
        return false;
    }
    count_bad(old_since, since);
    table_.mark_changed(tag);
    watch_.note(tag);
    if (capture_ != nullptr) capture_memory(tag, value, QualityCode::good, tags::kNoCause, arrival);
    return true;
}

void Applier::capture_memory(tags::TagId tag, const Value& value, QualityCode quality, CauseId cause, const Arrival& arrival) {
    if (memory_modes_[tag] == CaptureMode::off) return;
    capture_->reserve(1);
    const auto state = capture_state(quality, cause);
    if (is_scalar_word(value.type())) {
        capture_->add(tag, arrival.archived, state, value.word());
    } else {
        capture_->add_blob(tag, arrival.archived, state, value.blob());
    }
}

}  // namespace penstock::engine
