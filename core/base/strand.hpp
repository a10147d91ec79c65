#pragma once

// Where things of one instance happen one after the other: an I/O thread in production (io_threads.hpp), a loop with
// virtual time in tests (manual_strand.hpp). What runs here must not block.

#include <functional>
#include <utility>

#include "core/base/clock.hpp"
#include "core/base/timer.hpp"

namespace penstock::base {

using Job = std::move_only_function<void()>;

class Strand : public Clock {
public:
    // Runs the job on the strand, later, never from inside this call. Jobs of one poster keep their order. A job posted
    // after the strand was stopped is destroyed without having run. [any-thread]
    virtual void post(Job job) = 0;

    // Is the caller running on this strand? [any-thread]
    [[nodiscard]] virtual bool is_current() const noexcept = 0;

    // Fires the timer at `due` or up to 1 ms later; one that is armed already is moved. [strand]
    virtual void arm(Timer& timer, MonotonicTime due) = 0;
    virtual void disarm(Timer& timer) noexcept = 0;
};

// A timer that calls a function. Destroying it disarms it; one that is not armed may outlive its strand. [strand]
class CallbackTimer final : public Timer {
public:
    CallbackTimer(Strand& strand, Job on_due) : strand_(&strand), on_due_(std::move(on_due)) {}
    ~CallbackTimer() { cancel(); }

    void start(MonotonicTime due) { strand_->arm(*this, due); }
    void cancel() noexcept {
        if (is_armed()) strand_->disarm(*this);
    }

private:
    void on_timer() noexcept override { on_due_(); }

    Strand* strand_;
    Job on_due_;
};

}  // namespace penstock::base
