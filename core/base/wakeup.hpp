#pragma once

// A file descriptor that becomes readable when another thread has something for us: an eventfd. Signals that nobody has answered yet
// cost no system call.

#include <atomic>
#include <chrono>

#include <penstock/time.hpp>

#include "core/base/watch.hpp"

namespace penstock::base {

class Wakeup {
public:
    // Throws std::system_error when the process has no descriptor left.
    Wakeup();
    ~Wakeup();
    Wakeup(const Wakeup&) = delete;
    Wakeup& operator=(const Wakeup&) = delete;

    [[nodiscard]] int fd() const noexcept { return fd_; }
    // Makes it readable until clear(). [any-thread]
    void signal() noexcept;
    // Before one looks for what there is: what comes later signals again. One thread.
    void clear() noexcept;
    // Returns when it is readable, or after `most`. Where a signal is expected within `awake` it watches so long before it falls
    // asleep. One thread.
    void wait(std::chrono::milliseconds most, Duration awake = Duration(0)) noexcept;

private:
    int fd_;
    std::atomic<bool> is_signaled_ = false;
    Watch watch_;
};

}  // namespace penstock::base
