#pragma once

// Commits a lane: sleeps until something is appended, waits until the group's time is over, commits. For the values lane it first
// runs `gather`, which appends what has come since (the archiver), and writes down that the server lives: an `alive` record when a second
// passed without one of any kind, and at the end, so that it is known to when it lived.

#include <functional>
#include <memory>

#include <penstock/time.hpp>

namespace penstock::base {
class Clock;
}

namespace penstock::journal {

class Lane;

class LaneThread final {
public:
    // Appends what has come, and says within what time from its beginning it wants to be called again; zero: it has left something,
    // and goes on as soon as this much is committed.
    using Gather = std::function<Duration(Now)>;

    // Both must outlive this. `gather` runs on the thread before each commit and at least every `gather_every`; null = none.
    LaneThread(Lane& lane, const base::Clock& clock, Gather gather = nullptr, Duration gather_every = 1s);
    ~LaneThread();  // stop()
    LaneThread(const LaneThread&) = delete;
    LaneThread& operator=(const LaneThread&) = delete;

    // Commits at once instead of at the end of the group's time: a backup or a stop waits. [any-thread]
    void hurry();
    // Gathers, commits what is there, joins. Twice is fine. [any-thread] but its own
    void stop();

private:
    struct State;
    std::shared_ptr<State> state_;
};

}  // namespace penstock::journal
