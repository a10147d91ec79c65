#pragma once

// A file descriptor that becomes readable when another thread has something for us: an eventfd.

#include <chrono>

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
    void clear() noexcept;
    // Returns when it is readable, or after `most`.
    void wait(std::chrono::milliseconds most) const noexcept;

private:
    int fd_;
};

}  // namespace penstock::base
