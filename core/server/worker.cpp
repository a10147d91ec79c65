#include "core/server/worker.hpp"

#include <utility>

namespace penstock::server {

Worker::~Worker() { stop(); }

bool Worker::post(Job job) {
    const std::scoped_lock lock(mutex_);
    if (stop_.stop_requested() || jobs_.size() + (is_running_ ? 1 : 0) >= most_) return false;
    jobs_.push_back(std::move(job));
    if (!thread_.joinable()) thread_ = std::thread([this] { run(); });
    changed_.notify_one();
    return true;
}

void Worker::stop() {
    std::deque<Job> dropped;  // after the lock is free: what dies unused answers its caller
    std::thread ended;
    {
        const std::scoped_lock lock(mutex_);
        stop_.request_stop();
        dropped.swap(jobs_);
        ended.swap(thread_);
        changed_.notify_one();
    }
    if (ended.joinable()) ended.join();
}

void Worker::run() {
    std::unique_lock lock(mutex_);
    for (;;) {
        changed_.wait(lock, [this] { return stop_.stop_requested() || !jobs_.empty(); });
        if (stop_.stop_requested()) return;
        auto job = std::move(jobs_.front());
        jobs_.pop_front();
        is_running_ = true;
        lock.unlock();
        job(stop_.get_token());
        job = nullptr;
        lock.lock();
        is_running_ = false;
    }
}

}  // namespace penstock::server
