#pragma once

#include <atomic>
#include <semaphore>
#include <thread>

#include <penstock/session.hpp>

namespace penstock::station {

// Ends the window's wait when the session has something: the window sleeps in GLFW, which knows no file descriptors.
class SessionWaker {
public:
    explicit SessionWaker(Session& session);
    ~SessionWaker();
    SessionWaker(const SessionWaker&) = delete;
    SessionWaker& operator=(const SessionWaker&) = delete;

    // After each Session::poll(): the descriptor is quiet again and is worth watching.
    void polled() noexcept;

private:
    void watch(int session_fd) noexcept;

    int stop_fd_;
    std::atomic<bool> is_waiting_{false};
    std::binary_semaphore polled_{0};
    std::thread thread_;
};

}  // namespace penstock::station
