#include "core/tags/tag_table.hpp"

#include <algorithm>
#include <bit>
#include <limits>

namespace penstock::tags {
namespace {

constexpr std::string_view kTornText = "the server was stopped by the system in the middle of writing this value";
constexpr std::string_view kWaitingText = "nothing has arrived since the server started";
constexpr std::string_view kInitialText = "the initial value that the site gives; nothing has arrived since the server started";

std::size_t count_blob_tags(const TagCatalog& catalog) {
    return static_cast<std::size_t>(
        std::ranges::count_if(catalog.by_name(), [&](TagId id) { return !is_scalar_word(catalog.type(id)); }));
}

std::size_t ring_size(const TagTableOptions& options) {
    return std::bit_ceil(std::clamp(options.ring_capacity, 2U, TagTableOptions::kMaxRingCapacity));
}

}  // namespace

TagTable::TagTable(std::shared_ptr<const TagCatalog> catalog, UtcTime now, TagTableOptions options)
    : catalog_(std::move(catalog)),
      cells_(catalog_->id_limit()),
      versions_(catalog_->id_limit()),
      ring_mask_(ring_size(options) - 1),
      ring_(ring_mask_ + 1),
      torn_(causes_.intern(kTornText)),
      blobs_(count_blob_tags(*catalog_)) {
    prefer_huge_pages(cells_.data(), cells_.size() * sizeof(TagCell));
    prefer_huge_pages(versions_.data(), versions_.size() * sizeof(std::uint64_t));
    const auto now_ms = CellState::ms_of(to_ns(now));
    for (const auto id : catalog_->by_name()) write_initial(id, now_ms);
}

void TagTable::write_initial(TagId id, std::uint64_t now_ms) {
    auto& cell = cells_[id];
    cell.quiet_low.store(word_of(-std::numeric_limits<double>::infinity()), std::memory_order_relaxed);
    cell.quiet_high.store(word_of(std::numeric_limits<double>::infinity()), std::memory_order_relaxed);

    const auto value = catalog_->initial(id);
    const auto cause = causes_.intern(value.has_value() ? kInitialText : kWaitingText);
    const auto quality = value.has_value() ? QualityCode::uncertain_initial : QualityCode::bad_waiting_for_initial;
    const auto since = CellState::pack_since(now_ms, quality, value.has_value());
    const auto time = static_cast<std::uint64_t>(CellState::ns_of(now_ms));
    const Write words{value.word(), value.word(), time, CellState::pack_received(now_ms, cause), since};
    if (value.has_value() && !is_scalar_word(value.type())) {
        (void)store_blob(cell, value.blob(), words);  // one block per owner and size is there
    } else {
        store(cell, words);
    }
}

bool TagTable::store_blob(TagCell& cell, std::string_view bytes, const Write& words) {
    const auto old = cell.value.load(std::memory_order_relaxed);
    const auto s = cell.sequence.load(std::memory_order_relaxed);
    cell.sequence.store(s + 1, std::memory_order_relaxed);
    const auto ref = blobs_.write(old, bytes);
    if (!ref) {
        cell.sequence.store(s + 2, std::memory_order_release);
        return false;
    }
    cell.value.store(*ref, std::memory_order_release);
    cell.raw.store(*ref, std::memory_order_release);
    cell.source_time.store(words.source_time, std::memory_order_release);
    cell.received.store(words.received, std::memory_order_release);
    cell.since.store(words.since, std::memory_order_release);
    cell.sequence.store(s + 2, std::memory_order_release);
    if (!BlobPool::same_block(old, *ref)) blobs_.give_back(old);
    return true;
}

bool TagTable::holds_blob(const TagCell& cell, std::string_view bytes) const noexcept {
    return blobs_.equals(cell.value.load(std::memory_order_relaxed), bytes);
}

}  // namespace penstock::tags
