#include "core/base/wakeup.hpp"

#include <algorithm>
#include <cerrno>
#include <cstdint>
#include <limits>
#include <system_error>

#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

namespace penstock::base {

Wakeup::Wakeup() : fd_(::eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC)) {
    if (fd_ < 0) throw std::system_error(errno, std::generic_category(), "eventfd");
}

Wakeup::~Wakeup() { ::close(fd_); }

void Wakeup::signal() noexcept {
    const std::uint64_t one = 1;
    [[maybe_unused]] const auto written = ::write(fd_, &one, sizeof one);  // fails only if it is readable already
}

void Wakeup::clear() noexcept {
    std::uint64_t count = 0;
    [[maybe_unused]] const auto taken = ::read(fd_, &count, sizeof count);
}

void Wakeup::wait(std::chrono::milliseconds most) const noexcept {
    const auto ms = std::clamp<std::int64_t>(most.count(), 0, std::numeric_limits<int>::max());
    pollfd ready{fd_, POLLIN, 0};
    ::poll(&ready, 1, static_cast<int>(ms));
}

}  // namespace penstock::base
