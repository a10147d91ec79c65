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
    if (is_signaled_.exchange(true)) return;
    const std::uint64_t one = 1;
    [[maybe_unused]] const auto written = ::write(fd_, &one, sizeof one);  // fails only if it is readable already
}

// The descriptor first: what a signal between the two is for will be found after clear(), but a descriptor that is empty while the
// word says otherwise would sleep for ever. It is read in any case: who set the word may come to write only now.
void Wakeup::clear() noexcept {
    std::uint64_t count = 0;
    [[maybe_unused]] const auto taken = ::read(fd_, &count, sizeof count);
    is_signaled_.exchange(false);
}

void Wakeup::wait(std::chrono::milliseconds most, Duration awake) noexcept {
    if (awake > Duration(0) && watch_.for_up_to(std::min<Duration>(awake, most), [this] { return is_signaled_.load(); }))
        return;
    const auto ms = std::clamp<std::int64_t>(most.count(), 0, std::numeric_limits<int>::max());
    pollfd ready{fd_, POLLIN, 0};
    ::poll(&ready, 1, static_cast<int>(ms));
}

}  // namespace penstock::base
