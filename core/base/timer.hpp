#pragma once

// Timers of a strand: intrusive, so arming one allocates nothing and makes no system call, and a deadline that never
// passes costs two moves in a heap.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

#include <penstock/time.hpp>

namespace penstock::base {

// Derive and implement on_timer(). Armed and disarmed through its Strand; must be disarmed when it is destroyed. [strand]
class Timer {
public:
    Timer(const Timer&) = delete;
    Timer& operator=(const Timer&) = delete;

    [[nodiscard]] bool is_armed() const noexcept { return slot_ != kIdle; }
    // When it fires; meaningless while it is not armed.
    [[nodiscard]] MonotonicTime due() const noexcept { return due_; }

protected:
    Timer() = default;
    ~Timer();
    // The timer is no longer armed and may be armed anew.
    virtual void on_timer() noexcept = 0;

private:
    friend class TimerHeap;
    static constexpr std::uint32_t kIdle = 0xFFFF'FFFF;
    MonotonicTime due_{};
    std::uint32_t slot_ = kIdle;
};

// Armed timers by due time. Does not own them. One thread.
class TimerHeap {
public:
    // Arms the timer, or moves it if it is armed.
    void arm(Timer& timer, MonotonicTime due);
    // Nothing happens if it is not armed.
    void disarm(Timer& timer) noexcept;
    // When the next one is due; nothing if none is armed.
    [[nodiscard]] std::optional<MonotonicTime> next_due() const noexcept;
    // Fires all that are due at `now`, in order of due time. Timers armed meanwhile for `now` or earlier fire at the next
    // call, so that one that re-arms itself cannot hold the thread.
    void fire(MonotonicTime now) noexcept;
    [[nodiscard]] std::size_t size() const noexcept { return heap_.size(); }

private:
    // Due time beside the pointer: sifting does not touch the timers it compares.
    struct Entry {
        MonotonicTime due;
        Timer* timer;
    };
    void place(std::uint32_t slot, Entry entry) noexcept;
    void sift_up(std::uint32_t slot, Entry entry) noexcept;
    void sift_down(std::uint32_t slot, Entry entry) noexcept;

    std::vector<Entry> heap_;
    std::vector<Timer*> firing_;
};

}  // namespace penstock::base
