#pragma once

// The live values: cells, versions, changed ring, causes. The engine writes (tag_table.hpp), everybody reads
// (tag_reader.hpp).
//
// A change appends the tag to the ring at position p and sets its version to p + 1. So a ring entry is current if the tag's
// version still points at it, one 64-bit cursor serves ring and fall-back scan, and several changes of one tag reach a
// reader as one. Positions become visible to readers at the end of a cycle, by publish().

#include <atomic>
#include <cstdint>
#include <memory>
#include <string_view>

#include "core/tags/blob_pool.hpp"
#include "core/tags/cause_table.hpp"
#include "core/tags/tag_catalog.hpp"
#include "core/tags/tag_cell.hpp"
#include "core/tags/virtual_array.hpp"

namespace penstock::tags {

struct TagTableOptions {
    // Changes that a reader may be behind before it has to look at every tag; rounded up to a power of two. 4 bytes each.
    std::uint32_t ring_capacity = 1U << 17U;
    static constexpr std::uint32_t kMaxRingCapacity = 1U << 24U;
};

class TagTable final {
public:
    // Every tag starts bad_waiting_for_initial, or with its initial value as uncertain_initial, version 0.
    TagTable(std::shared_ptr<const TagCatalog> catalog, UtcTime now, TagTableOptions options = {});
    TagTable(const TagTable&) = delete;
    TagTable& operator=(const TagTable&) = delete;

    [[nodiscard]] const TagCatalog& catalog() const noexcept { return *catalog_; }

    // --- the writer's side, all [engine] ---
    struct Write {  // all that a change sets
        std::uint64_t value, raw, source_time, received, since;  // as the cell's words
    };
    [[nodiscard]] TagCell& cell(TagId id) noexcept { return cells_[id]; }
    // Brings the cell and version of a tag that will be written soon nearer to the processor.
    void prefetch(TagId id) const noexcept {
        __builtin_prefetch(&cells_[id], 1);
        __builtin_prefetch(&versions_[id], 1);
    }
    static void store(TagCell& cell, const Write& words) noexcept {
        const auto s = cell.sequence.load(std::memory_order_relaxed);
        cell.sequence.store(s + 1, std::memory_order_relaxed);
        cell.value.store(words.value, std::memory_order_release);
        cell.raw.store(words.raw, std::memory_order_release);
        cell.source_time.store(words.source_time, std::memory_order_release);
        cell.received.store(words.received, std::memory_order_release);
        cell.since.store(words.since, std::memory_order_release);
        cell.sequence.store(s + 2, std::memory_order_release);
    }
    // Appends to the ring. After the cell was stored, so that who sees the version finds at least that value.
    void mark_changed(TagId id) noexcept {
        const auto position = position_++;
        versions_[id].store(position + 1, std::memory_order_release);
        ring_[position & ring_mask_].store(id, std::memory_order_release);
    }
    // store() for strings and arrays: words.value and words.raw are ignored. False if there is no room; nothing is stored then.
    [[nodiscard]] bool store_blob(TagCell& cell, std::string_view bytes, const Write& words);
    [[nodiscard]] bool holds_blob(const TagCell& cell, std::string_view bytes) const noexcept;
    [[nodiscard]] std::uint64_t position() const noexcept { return position_; }  // of the next change
    // Ends a cycle: readers see all changes so far.
    void publish() noexcept { head_.store(position_, std::memory_order_release); }
    [[nodiscard]] CauseTable& causes() noexcept { return causes_; }

private:
    friend class TagReader;
    void write_initial(TagId id, std::uint64_t now_ms);

    std::shared_ptr<const TagCatalog> catalog_;
    VirtualArray<TagCell> cells_;
    VirtualArray<std::atomic<std::uint64_t>> versions_;
    std::uint64_t ring_mask_;
    VirtualArray<std::atomic<TagId>> ring_;
    CauseTable causes_;
    CauseId torn_;
    BlobPool blobs_;
    std::uint64_t position_ = 0;
    alignas(64) std::atomic<std::uint64_t> head_{0};
};

}  // namespace penstock::tags
