#include "apps/client/session_waker.hpp"

#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <array>

#include "apps/client/window.hpp"

namespace penstock::station {

SessionWaker::SessionWaker(Session& session)
    : stop_fd_(::eventfd(0, EFD_CLOEXEC)), thread_([this, fd = session.wakeup_fd()] { watch(fd); }) {}

SessionWaker::~SessionWaker() {
    const std::uint64_t one = 1;
    [[maybe_unused]] const auto ignored = ::write(stop_fd_, &one, sizeof one);
    is_waiting_.store(true);
    polled();
    thread_.join();
    ::close(stop_fd_);
}

void SessionWaker::polled() noexcept {
    if (is_waiting_.exchange(false)) polled_.release();
}

void SessionWaker::watch(int session_fd) noexcept {
    for (;;) {
        std::array<pollfd, 2> fds{pollfd{session_fd, POLLIN, 0}, pollfd{stop_fd_, POLLIN, 0}};
        ::poll(fds.data(), fds.size(), -1);
        if (fds[1].revents != 0) return;
        if (fds[0].revents == 0) continue;
        is_waiting_.store(true);
        Window::wake();
        polled_.acquire();
    }
}

}  // namespace penstock::station
