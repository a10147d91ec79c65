#pragma once

// From what the engine captured to records of the values lane: applies each tag's archiving rule, and packs what is kept. Without
// threads and clocks; the values lane's thread calls gather() (journal/lane_thread.hpp):
//
//     history::Archiver archiver(reader, capture, lane, {.on_gap = ...});
//     archiver.start(recovered.last_time.utc, [&](TagId tag) { return restored.source_time(tag); }, now);
//     journal::LaneThread thread(lane, clock, [&](Now now) { return archiver.gather(now); });
//     ...                                     // the engine stops
//     thread.stop();
//     archiver.finish(now);                   // what waited for the end of an interval
//     lane.commit();
//
// What is kept of a tag (tags::ArchiveRule), by the samples' own times:
//   always     the first sample, and every one whose quality or cause differs from the one kept before. A bad sample has no value, and
//              a time later than that of the row kept before: there the gap begins. Equal bad ones are not repeated.
//   on_change  what differs from the kept value by `deadband` or more (0: at all). With min_interval t: after a kept sample, changes
//              within t wait; at the end of t the newest of them is kept, if it still differs. With max_interval: a sample so much
//              younger than the kept one, changed or not.
//   cyclic     the newest sample of each interval (counted from 1970), once the interval is over; every sample if it is 1 ms or less.
//
// When the wall clock is set back, what waits for the end of an interval is kept at once, and intervals and gaps begin anew.
//
// A gap that is nobody's sample is a bad one with its cause: the server did not run; samples were lost because this code or the disk
// did not keep up. After such a loss the tag's present value is kept as soon as all that was captured has been dealt with; and
// keep_again() does it for what a historian has lost later on.

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <string_view>
#include <vector>

#include <penstock/time.hpp>

#include "core/tags/tag_reader.hpp"

namespace penstock::engine {
class Capture;
}
namespace penstock::journal {
class Lane;
}

namespace penstock::history {

inline constexpr std::string_view kServerWasDown = "the server was not running";
inline constexpr std::string_view kArchiveTooSlow = "samples were lost: the archive did not keep up";
inline constexpr std::string_view kDiskTooSlow = "samples were lost: the disk did not keep up";

// An interval is over once its end has passed by this (or by its own length, if that is less): samples take a while to get here.
inline constexpr Duration kLateness = 250ms;

struct GapNotice {
    std::size_t tags = 0;  // of which samples were lost
    UtcTime from;  // the first of them
    std::string_view cause;
};

struct ArchiverOptions {
    // Samples were lost. At once when it begins, and then every 10 s at most with what came meanwhile. On gather()'s thread.
    std::function<void(const GapNotice&)> on_gap;
};

struct ArchiverStatus {
    std::uint64_t captured = 0;  // samples that came
    std::uint64_t kept = 0;  // rows in records that the lane took, gaps too
    std::uint64_t records = 0, bytes = 0;
    std::uint64_t refused = 0;  // rows in records that the lane did not take
    std::uint32_t archived_tags = 0;
};

class Archiver final {
public:
    // Everything must outlive this. The catalog is the reader's.
    Archiver(tags::TagReader reader, engine::Capture& capture, journal::Lane& lane, ArchiverOptions options = {});
    ~Archiver();
    Archiver(const Archiver&) = delete;
    Archiver& operator=(const Archiver&) = delete;

    // Before the first gather(): a gap for every archived tag, from `last_alive` (the time of the lane's last record) or from behind
    // the tag's last archived sample, whichever is later. 1970: the lane has no record, the server never ran, there is no gap.
    // `last_time`: that sample's time in ns, 0 if it is not known; null = of none. Tags that live in the server have their restored value from
    // `now` on; those of devices, when they answer.
    void start(UtcTime last_alive, const std::function<std::int64_t(tags::TagId)>& last_time, Now now);

    // What was captured since the last call, as records. Says how soon it wants to be called again, for LaneThread: at once if it has
    // left something, else so that no record gets much longer than half a million rows. Never waits. One thread at a time.
    Duration gather(Now now);
    // A historian has lost records from before `until` (1970: nobody knows) for good, and with them the rows of these tags. Of those of
    // which no row was kept since, the last one is kept again, under that time: else a tag that stands still would have no value there
    // until it changes. With the next gather(). [any-thread]
    void keep_again(std::vector<tags::TagId> tags, UtcTime until);
    // gather(), and what waits for the end of its interval: the last call before the lane is closed.
    void finish(Now now);

    [[nodiscard]] ArchiverStatus status() const noexcept;  // [any-thread]
    // Memory for what is remembered of tags: 24 bytes an archived one, 48 with min_interval or cyclic; 4 beside, for every one.
    [[nodiscard]] std::size_t state_bytes() const noexcept;

private:
    struct Parts;
    std::unique_ptr<Parts> parts_;
};

}  // namespace penstock::history
