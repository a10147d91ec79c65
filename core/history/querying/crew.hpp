#pragma once

// Who answers the questions to one historian: a few workers, before whom sessions take turns. A historian that does not answer holds its
// own crew and no other. Internal to history_service.cpp.

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <mutex>
#include <thread>
#include <vector>

#include <penstock/time.hpp>

#include "core/base/watch.hpp"

namespace penstock::history::detail {

struct CrewLimits {
    std::size_t workers = 2;
    std::size_t waiting = 256;  // jobs in all
    std::size_t waiting_of_a_session = 64;
};

class Crew final {
public:
    using Job = std::move_only_function<void()>;

    explicit Crew(const CrewLimits& limits);
    ~Crew();  // stop()
    Crew(const Crew&) = delete;
    Crew& operator=(const Crew&) = delete;

    // False: too many wait already, or it stops. [any-thread]
    [[nodiscard]] bool enqueue(std::uint64_t session, Job job);
    // A job whose number others bound. [any-thread]
    void enqueue_in_any_case(std::uint64_t session, Job job);
    // Ends after the jobs under way; those that wait die unused. Twice is fine.
    void stop();
    [[nodiscard]] std::size_t waiting() const noexcept { return waiting_.load(); }  // [any-thread]

private:
    [[nodiscard]] bool enqueue(std::uint64_t session, Job job, bool is_bounded);
    void work();
    [[nodiscard]] Job next();
    void watch(std::unique_lock<std::mutex>& lock);

    const CrewLimits limits_;
    std::vector<std::thread> workers_;
    std::atomic<std::size_t> waiting_ = 0;  // written under the lock
    std::atomic<bool> is_stopping_ = false;

    std::mutex mutex_;  // guards what follows
    std::condition_variable changed_;
    std::map<std::uint64_t, std::deque<Job>> queues_;  // by session; none is empty
    std::deque<std::uint64_t> turns_;  // sessions with questions
    std::size_t watching_ = 0;  // workers that will see a job without being woken: none or one
    base::Watch watch_;  // the watching worker's
};

}  // namespace penstock::history::detail
