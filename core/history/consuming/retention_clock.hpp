#pragma once

// The time that age is counted from where samples are thinned or dropped for being old. Private to core/history.
//
// A wall clock put forward by ten years would make a plant's whole archive old, in one tidy. So a leap of more than an hour is believed
// only after it has lasted a day: until then this goes on as the monotonic clock does. It is the same where the first time is more than
// a day younger than the journal's last record: the server was away, or the clock is wrong. A step back is believed at once: nothing
// is lost by keeping.

#include <optional>

#include <penstock/time.hpp>

namespace penstock::history::consuming {

class RetentionClock final {
public:
    static constexpr std::chrono::seconds kLeastLeap = 1h;
    static constexpr std::chrono::seconds kMostPause = 24h;  // of a server, without a doubt
    static constexpr Duration kDoubt = 24h;

    // `last_known`: when the journal's last record was written before this start; 1970 = there is none.
    explicit RetentionClock(UtcTime last_known) : last_known_(last_known) {}

    // Never later than `now`.
    [[nodiscard]] UtcTime look(Now now);

private:
    void begin(Now now);

    UtcTime last_known_;
    std::optional<Now> last_;
    UtcTime believed_;
    MonotonicTime doubted_until_{};
};

}  // namespace penstock::history::consuming
