#pragma once

// The durable records of the values lane that historians have not stored yet, for queries: read from the disk once and kept, as long as
// they fit; what does not is read again.
//
//     JournalTail tail(lane);
//     const auto end = lane.durable();
//     tail.for_each(reader->position(), end, [&](const TailRecord& record) { ...; return true; });

#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <span>
#include <vector>

#include <penstock/history_operations.hpp>
#include <penstock/result.hpp>

#include "core/history/querying/tag_tails.hpp"
#include "core/history/values_record.hpp"
#include "core/journal/lane.hpp"
#include "core/journal/lane_reader.hpp"

namespace penstock::history {

// One record of type `values`.
struct TailRecord {
    journal::Position sequence = 0;
    UtcTime time;  // when it was appended
    ValuesHead head;
    std::span<const std::byte> body;
};

class JournalTail final {
public:
    static constexpr std::size_t kCacheBytes = 64 * 1024 * 1024;

    // `lane` outlives it.
    explicit JournalTail(const journal::Lane& lane, std::size_t cache_bytes = kCacheBytes)
        : lane_(&lane), cache_bytes_(cache_bytes) {}

    using Visit = std::function<bool(const TailRecord&)>;  // false: enough
    // Records in [from, to), in order; `to` at most lane.durable(). What the journal does not have any more or lost is added to
    // `incomplete`, if that is not null. [worker], any number at once
    [[nodiscard]] Result<void> for_each(journal::Position from, journal::Position to, const Visit& visit,
                                        std::vector<IncompleteRange>* incomplete = nullptr);

    [[nodiscard]] const journal::Lane& lane() const noexcept { return *lane_; }
    // What it has of single tags. [any-thread]
    [[nodiscard]] TagTails& of_tags() noexcept { return of_tags_; }

private:
    struct Kept {
        TailRecord record;
        std::vector<std::byte> bytes;
    };
    using KeptRecord = std::shared_ptr<const Kept>;
    struct Piece {
        journal::Position first = 0;  // from here on `records` has everything
        std::vector<KeptRecord> records;
        std::vector<IncompleteRange> incomplete;
    };

    [[nodiscard]] Result<Piece> kept(journal::Position from, journal::Position to);
    [[nodiscard]] Result<void> extend(journal::Position from, journal::Position to);
    void keep(const journal::Record& record);

    const journal::Lane* lane_;
    std::size_t cache_bytes_;
    TagTails of_tags_;
    std::mutex mutex_;  // guards what follows, also while the disk is read: who comes second would read the same
    std::unique_ptr<journal::LaneReader> reader_;
    journal::Position first_ = 0;  // records_ has everything from here to the reader's position
    std::deque<KeptRecord> records_;
    std::size_t bytes_ = 0;
    std::vector<IncompleteRange> lost_;
};

}  // namespace penstock::history
