#pragma once

// Looks at the lanes twice a second and tells of what is wrong with them: a full disk, a sync that failed, a lane that takes nothing
// more, and the end of that. Events are the events lane's own, which has its reserve for it.

#include <condition_variable>
#include <cstdint>
#include <functional>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include <penstock/history_operations.hpp>
#include <penstock/time.hpp>

#include "core/journal/lane.hpp"

namespace penstock::server {

class JournalWatch final {
public:
    static constexpr Duration kPeriod = 500ms;
    static constexpr int kGoodLooks =
        2;  // one after the other, until it is believed: a nearly full disk changes its mind often

    // The lanes outlive it. Both are called on its thread. `on_failure`: once, when a lane has failed for good; the sentence says why.
    JournalWatch(std::vector<const journal::Lane*> lanes, std::function<void(Event)> on_event,
                 std::function<void(const std::string&)> on_failure);
    ~JournalWatch();  // stop()

    void start();
    void stop();  // twice is fine
    // One look, as the thread does it; for tests.
    void look();

private:
    struct Watched {
        const journal::Lane* lane;
        journal::LaneState told = journal::LaneState::good;
        std::uint64_t failed_syncs = 0;
        int good_looks = 0;
    };
    void run();
    void look(Watched& watched);
    void tell(const Watched& watched, std::string text, std::string sentence);

    std::vector<Watched> lanes_;
    std::function<void(Event)> on_event_;
    std::function<void(const std::string&)> on_failure_;
    bool has_failed_ = false;
    std::mutex mutex_;  // guards what follows
    std::condition_variable changed_;
    bool is_stopping_ = false;
    std::thread thread_;
};

}  // namespace penstock::server
