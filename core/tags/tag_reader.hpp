#pragma once

// How any thread reads live values: a copy of one tag, and which tags changed since a position.
//
//     TagReader reader(engine.table());
//     cursor = reader.changes_since(cursor, [&](TagId tag) { reader.snapshot(tag, copy); send(copy); });

#include <cstdint>
#include <string>
#include <string_view>

#include <penstock/quality.hpp>
#include <penstock/time.hpp>
#include <penstock/value.hpp>

#include "core/tags/tag_table.hpp"

namespace penstock::tags {

// One tag at one moment; all fields belong together.
struct TagSnapshot {
    TagId tag = kNoTag;
    ValueType type = ValueType::none;         // of the value, once there is one
    ValueType native_type = ValueType::none;  // of the raw value
    QualityCode quality = QualityCode::bad_waiting_for_initial;
    bool has_value = false;   // false: it never had one. A bad tag keeps its last value
    CauseId cause = kNoCause;  // TagReader::cause() gives the text
    std::uint64_t word = 0;    // of scalars
    std::uint64_t raw = 0;     // before scaling; of scalars
    std::string blob;          // of strings and arrays, as Value::blob
    UtcTime time;              // source time: when the value was so, as far as known
    UtcTime received;          // when the server got it; cut to 1 ms
    UtcTime since;             // when the quality became what it is; cut to 1 ms

    [[nodiscard]] Value value() const;      // empty without value
    [[nodiscard]] Value raw_value() const;  // equal to value() where there is no scaling
};

// Small and copyable; the table must outlive it. All [any-thread].
class TagReader final {
public:
    explicit TagReader(const TagTable& table) noexcept : table_(&table) {}

    [[nodiscard]] const TagCatalog& catalog() const noexcept { return table_->catalog(); }

    // Precondition: the tag exists. Retries while the engine writes this very cell (nanoseconds); should the engine be
    // stopped by the system in between, yields, and after kMaxYields answers bad_internal without a value rather than wait
    // for ever. The second form reuses the blob's memory.
    static constexpr int kMaxYields = 100'000;
    [[nodiscard]] TagSnapshot snapshot(TagId tag) const;
    void snapshot(TagId tag, TagSnapshot& into) const;

    // Grows with every change of the tag; 0 = never changed since the start.
    [[nodiscard]] std::uint64_t version(TagId tag) const noexcept {
        return table_->versions_[tag].load(std::memory_order_acquire);
    }
    // The cursor of who knows everything up to now.
    [[nodiscard]] std::uint64_t head() const noexcept { return table_->head_.load(std::memory_order_acquire); }
    [[nodiscard]] std::string_view cause(CauseId id) const noexcept { return table_->causes_.text(id); }

    // Calls visit(tag) for tags that changed at or after `cursor`, each once, and returns the cursor for the next call. A
    // tag that changes again while this runs may be left for that next call. A reader that is a ring's length behind looks
    // at all tags once: slower, nothing lost. Start from 0 (all that ever changed), or take head() first and then snapshots
    // of all.
    template <class Visit>
    std::uint64_t changes_since(std::uint64_t cursor, Visit&& visit) const {
        const auto head = this->head();
        for (auto p = cursor; p < head; ++p) {
            const auto tag = table_->ring_[p & table_->ring_mask_].load(std::memory_order_acquire);
            const auto version = this->version(tag);
            if (version > p + 1 + table_->ring_mask_) return scan(p, head, visit);  // overwritten: p's own tag is unknown
            if (version == p + 1) visit(tag);
        }
        return head;
    }
    // True if changes_since(cursor) would look at all tags.
    [[nodiscard]] bool is_lapped(std::uint64_t cursor) const noexcept { return head() - cursor > table_->ring_mask_ + 1; }

private:
    // Tags whose newest change lies in [from, head).
    template <class Visit>
    std::uint64_t scan(std::uint64_t from, std::uint64_t head, Visit&& visit) const {
        const auto limit = catalog().id_limit();
        for (TagId tag = 0; tag < limit; ++tag) {
            const auto version = this->version(tag);
            if (version > from && version <= head) visit(tag);
        }
        return head;
    }
    [[nodiscard]] bool try_copy(TagId tag, TagSnapshot& into) const;

    const TagTable* table_;
};

}  // namespace penstock::tags
