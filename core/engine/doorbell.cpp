#include "core/engine/doorbell.hpp"

#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>
#include <ctime>
#include <system_error>

namespace penstock::engine {

Doorbell::Doorbell() : event_(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
    if (event_ < 0) throw std::system_error(errno, std::generic_category(), "eventfd");
}

Doorbell::~Doorbell() { close(event_); }

void Doorbell::ring() noexcept {
    const std::uint64_t one = 1;
    [[maybe_unused]] const auto written = write(event_, &one, sizeof(one));  // fails only when it rings already
}

void Doorbell::sleep(For wanted, std::optional<Duration> at_most) noexcept {
    sleeping_.store(true);
    // Raised before this point: perhaps without a ring. Raised after it: with one.
    if (!has_command() && !(wanted == For::anything && has_values())) wait_for_ring(at_most);
    sleeping_.store(false);
}

void Doorbell::wait_for_ring(std::optional<Duration> at_most) noexcept {
    timespec limit{};
    if (at_most) {
        const auto seconds = std::chrono::floor<std::chrono::seconds>(*at_most);
        limit.tv_sec = seconds.count();
        limit.tv_nsec = (*at_most - seconds).count();
    }
    pollfd event{event_, POLLIN, 0};
    ppoll(&event, 1, at_most ? &limit : nullptr, nullptr);
    std::uint64_t rings = 0;
    [[maybe_unused]] const auto got = read(event_, &rings, sizeof(rings));
}

}  // namespace penstock::engine
