#pragma once

// Commits a lane: sleeps until something is appended, waits until the group's time is over, commits. For the values lane it first
// runs `gather`, which appends what has come since (the archiver).

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
    // Both must outlive this. `gather` runs on the thread before each commit and at least every `gather_every`; null = none.
    LaneThread(Lane& lane, const base::Clock& clock, std::function<void(Now)> gather = nullptr, Duration gather_every = 1s);
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
