#include "core/history/querying/crew.hpp"

#include <utility>

namespace penstock::history::detail {
namespace {

// Questions come in rows: the pages of one query, what a screen draws. So long a worker looks for the next before it falls asleep.
constexpr Duration kNextSoon = 100us;

}  // namespace

Crew::Crew(const CrewLimits& limits) : limits_(limits) {
    for (std::size_t n = 0; n < limits.workers; ++n) workers_.emplace_back([this] { work(); });
}

Crew::~Crew() { stop(); }

bool Crew::enqueue(std::uint64_t session, Job job) { return enqueue(session, std::move(job), true); }
void Crew::enqueue_in_any_case(std::uint64_t session, Job job) { (void)enqueue(session, std::move(job), false); }

bool Crew::enqueue(std::uint64_t session, Job job, bool is_bounded) {
    bool is_seen = false;
    {
        const std::lock_guard lock(mutex_);
        if (is_stopping_) return false;
        auto& queue = queues_[session];
        if (is_bounded && (waiting_ >= limits_.waiting || queue.size() >= limits_.waiting_of_a_session)) {
            if (queue.empty()) queues_.erase(session);
            return false;
        }
        if (queue.empty()) turns_.push_back(session);
        queue.push_back(std::move(job));
        is_seen = ++waiting_ <= watching_;
    }
    if (!is_seen) changed_.notify_one();
    return true;
}

void Crew::work() {
    std::unique_lock lock(mutex_);
    while (true) {
        changed_.wait(lock, [this] { return is_stopping_ || !turns_.empty(); });
        if (is_stopping_) return;
        auto job = next();
        lock.unlock();
        job();
        job = nullptr;
        lock.lock();
        if (turns_.empty() && watching_ == 0) watch(lock);
    }
}

// The next session's oldest job. Precondition: there is one; the lock is held.
Crew::Job Crew::next() {
    const auto session = turns_.front();
    turns_.pop_front();
    const auto queue = queues_.find(session);
    auto job = std::move(queue->second.front());
    queue->second.pop_front();
    if (queue->second.empty())
        queues_.erase(queue);
    else
        turns_.push_back(session);
    --waiting_;
    return job;
}

void Crew::watch(std::unique_lock<std::mutex>& lock) {
    ++watching_;
    lock.unlock();
    (void)watch_.for_up_to(kNextSoon, [this] { return waiting_ > 0 || is_stopping_; });
    lock.lock();
    --watching_;
}

void Crew::stop() {
    {
        const std::lock_guard lock(mutex_);
        is_stopping_ = true;
    }
    changed_.notify_all();
    for (auto& each : std::exchange(workers_, {})) each.join();
    // What they own may call back when it dies: not under the lock.
    std::map<std::uint64_t, std::deque<Job>> left;
    const std::lock_guard lock(mutex_);
    left.swap(queues_);
    turns_.clear();
    waiting_ = 0;
}

}  // namespace penstock::history::detail
