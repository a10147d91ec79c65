#include "core/base/io_threads.hpp"

#include <algorithm>
#include <cassert>
#include <chrono>
#include <utility>

#include <pthread.h>
#include <boost/asio/post.hpp>

#include "core/base/asio_access.hpp"

namespace penstock::base {
namespace {

thread_local const IoThread::Loop* current_loop = nullptr;

constexpr Duration kLongestSleep = 1h;  // a guest may ask for the end of time, where sums overflow

// Alarms are set on whole milliseconds, so that timers which lie close together share one wake-up.
MonotonicTime round_up(MonotonicTime time) {
    const auto since = time.time_since_epoch();
    return MonotonicTime(std::chrono::ceil<std::chrono::milliseconds>(since));
}

}  // namespace

IoThread::Loop::Loop(std::string thread_name, const Clock& loop_clock) : name(std::move(thread_name)), clock(loop_clock) {}

// A job that throws is a broken program: noexcept ends it here, where the stack still shows who.
void IoThread::Loop::run() noexcept {
    current_loop = this;
    pthread_setname_np(pthread_self(), name.substr(0, 15).c_str());
    context.run();
}

// Only an earlier timer moves the alarm. One that was disarmed leaves it as it is: waking once for nothing is cheaper than
// a system call for every deadline that is met.
void IoThread::Loop::schedule_wake() {
    const auto due = timers.next_due();
    if (!due || *due >= alarm_due) return;
    const auto now = clock.now().monotonic;
    const auto wanted = round_up(std::min(*due, now + kLongestSleep));
    if (wanted >= alarm_due) return;  // the alarm is as early as that already, once rounded
    alarm_due = wanted;
    alarm.expires_after(std::max(Duration::zero(), alarm_due - now));
    alarm.async_wait([this](const boost::system::error_code& error) {
        if (!error) on_wake();
    });
}

void IoThread::Loop::on_wake() noexcept {
    alarm_due = MonotonicTime::min();  // timers armed by those that fire need no alarm each
    timers.fire(clock.now().monotonic);
    alarm_due = MonotonicTime::max();
    schedule_wake();
}

IoThread::IoThread(std::string name, const Clock& clock) : loop_(std::make_unique<Loop>(std::move(name), clock)) {
    loop_->thread = std::thread([loop = loop_.get()] { loop->run(); });
}

IoThread::~IoThread() { stop(); }

Now IoThread::now() const noexcept { return loop_->clock.now(); }

void IoThread::post(Job job) { boost::asio::post(loop_->context, std::move(job)); }

bool IoThread::is_current() const noexcept { return current_loop == loop_.get(); }

void IoThread::arm(Timer& timer, MonotonicTime due) {
    loop_->timers.arm(timer, due);
    loop_->schedule_wake();
}

void IoThread::disarm(Timer& timer) noexcept { loop_->timers.disarm(timer); }

void IoThread::stop() noexcept {
    assert(!is_current());
    const std::lock_guard lock(loop_->stop_mutex);
    if (!loop_->thread.joinable()) return;
    boost::asio::post(loop_->context, [loop = loop_.get()] { loop->context.stop(); });
    loop_->thread.join();
}

IoThreads::IoThreads(std::size_t count, const Clock& clock, std::string_view name) {
    const auto wanted = std::clamp<std::size_t>(count, 1, 64);
    for (std::size_t i = 0; i < wanted; ++i) {
        threads_.push_back(std::make_unique<IoThread>(std::string(name) + "-" + std::to_string(i), clock));
    }
}

IoThreads::~IoThreads() { stop(); }

IoThread& IoThreads::pick() noexcept { return *threads_[next_.fetch_add(1, std::memory_order_relaxed) % threads_.size()]; }

void IoThreads::stop() noexcept {
    for (const auto& thread : threads_) thread->stop();
}

}  // namespace penstock::base
