#pragma once

// A thread for work that may block, apart from the strands that ask for it: one job after the other, no more than fit. The thread is
// made with the first job.

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <mutex>
#include <stop_token>
#include <thread>

namespace penstock::server {

class Worker final {
public:
    // Long jobs look at the token now and then: stop() is waiting for them.
    using Job = std::move_only_function<void(const std::stop_token& stop)>;

    // `most`: jobs that wait or run.
    explicit Worker(std::size_t most) noexcept : most_(most) {}
    ~Worker();  // stop()
    Worker(const Worker&) = delete;
    Worker& operator=(const Worker&) = delete;

    // False: it is full, or has been stopped; the job is dropped. [any-thread]
    [[nodiscard]] bool post(Job job);
    // Asks the job under way to end and waits for it; those that wait are dropped. Twice is fine. Not from a job.
    void stop();

private:
    void run();

    const std::size_t most_;
    std::stop_source stop_;
    std::mutex mutex_;  // guards what follows
    std::condition_variable changed_;
    std::deque<Job> jobs_;  // those that wait
    bool is_running_ = false;
    std::thread thread_;
};

}  // namespace penstock::server
