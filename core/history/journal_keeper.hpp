#pragma once

// Decides what of the values lane may go: what every consumer has persisted and no snapshot needs. Deleted is only what is confirmed:
// never what was merely handed over.
//
// A consumer that stays away longer than its buffer (24 h or 20 GB) loses its oldest records, so that the disk does not fill up for
// the sake of one that may never come back. It finds out when it reads on, and makes a gap of it (historian_consumer.hpp).
//
//     JournalKeeper keeper(lane, limits);
//     const auto kept = keeper.keep(consumers, snapshot, now);      // [worker], now and then

#include <cstdint>
#include <deque>
#include <span>
#include <string>
#include <vector>

#include <penstock/result.hpp>
#include <penstock/time.hpp>

#include "core/journal/lane.hpp"

namespace penstock::history {

struct BufferLimits {
    Duration age = std::chrono::hours(24);
    std::uint64_t bytes = 20'000'000'000;
};

struct ConsumerPosition {
    std::string name;
    journal::Position persisted = 0;
    BufferLimits limits;
    bool is_known = true;  // false: it has not opened its store yet, and may have anything
};

class JournalKeeper final {
public:
    explicit JournalKeeper(journal::Lane& lane) : lane_(lane) {}

    struct Kept {
        journal::Position trimmed_to = 0;  // asked for; the lane keeps whole segments
        std::vector<std::string> given_up;  // consumers whose unread records went, since the last call
    };
    // `snapshot`: the position that the engine's newest snapshot covers, or the lane's end if it needs none of it. Errors: those of
    // the file system; the next call tries again.
    [[nodiscard]] Result<Kept> keep(std::span<const ConsumerPosition> consumers, journal::Position snapshot, Now now);

    // How long the journal would hold a consumer that stops reading now, at the rate of the last minutes. 0 = not known yet.
    [[nodiscard]] Duration covers(const ConsumerPosition& consumer) const;
    [[nodiscard]] double bytes_per_s() const noexcept { return bytes_per_s_; }

private:
    // What stood where, when: so that an age becomes a position. Taken every few seconds, kept for as long as the lane has them.
    struct Mark {
        journal::Position position;
        MonotonicTime at;
        std::uint64_t bytes;  // appended since start, about
    };

    void mark(const journal::LaneStatus& status, Now now);
    [[nodiscard]] journal::Position oldest_allowed(const BufferLimits& limits, const journal::LaneStatus& status,
                                                   Now now) const;
    [[nodiscard]] static double bytes_behind(journal::Position position, const journal::LaneStatus& status);

    journal::Lane& lane_;
    std::deque<Mark> marks_;
    std::vector<std::string> behind_;  // told already
    double bytes_per_s_ = 0;
    journal::LaneStatus last_;
};

}  // namespace penstock::history
