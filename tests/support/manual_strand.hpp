#pragma once

// A strand with virtual time, driven by the test's own thread: an hour passes in a blink, and always in the same order.

#include <deque>
#include <utility>

#include "core/base/strand.hpp"

namespace penstock::testing {

class ManualStrand final : public base::Strand {
public:
    ManualStrand() = default;
    ~ManualStrand() override = default;

    [[nodiscard]] Now now() const noexcept override { return clock_.now(); }
    void post(base::Job job) override { jobs_.push_back(std::move(job)); }
    [[nodiscard]] bool is_current() const noexcept override { return true; }
    void arm(base::Timer& timer, MonotonicTime due) override { timers_.arm(timer, due); }
    void disarm(base::Timer& timer) noexcept override { timers_.disarm(timer); }

    // Runs all that is to run now.
    void run() {
        for (;;) {
            while (!jobs_.empty()) {
                auto job = std::move(jobs_.front());
                jobs_.pop_front();
                job();
            }
            const auto next = timers_.next_due();
            if (!next || *next > now().monotonic) return;
            timers_.fire(now().monotonic);
        }
    }
    // Lets time pass, from timer to timer.
    void run_for(Duration duration) {
        const auto end = now().monotonic + duration;
        run();
        for (auto next = timers_.next_due(); next && *next <= end; next = timers_.next_due()) {
            clock_.advance(*next - now().monotonic);
            run();
        }
        clock_.advance(end - now().monotonic);
    }
    // Time passes while the thread does something else: timers are late.
    void stall_for(Duration duration) {
        clock_.advance(duration);
        run();
    }

private:
    base::ManualClock clock_;
    base::TimerHeap timers_;
    std::deque<base::Job> jobs_;
};

}  // namespace penstock::testing
