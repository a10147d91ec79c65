#include <array>
#include <cerrno>
#include <utility>

#include <fcntl.h>
#include <sys/ioctl.h>
#include <termios.h>

#include "core/base/sockets.hpp"

namespace penstock::base {
namespace {

speed_t to_speed(std::uint32_t baud) noexcept {
    constexpr std::array<std::pair<std::uint32_t, speed_t>, 11> kSpeeds{{{1'200, B1200},
                                                                         {2'400, B2400},
                                                                         {4'800, B4800},
                                                                         {9'600, B9600},
                                                                         {19'200, B19200},
                                                                         {38'400, B38400},
                                                                         {57'600, B57600},
                                                                         {115'200, B115200},
                                                                         {230'400, B230400},
                                                                         {460'800, B460800},
                                                                         {921'600, B921600}}};
    for (const auto& [known, speed] : kSpeeds) {
        if (known == baud) return speed;
    }
    return B19200;
}

void apply(const Endpoint& endpoint, termios& settings) noexcept {
    ::cfmakeraw(&settings);
    settings.c_cflag |= static_cast<tcflag_t>(CLOCAL | CREAD);
    settings.c_cflag &= ~static_cast<tcflag_t>(CSTOPB | PARENB | PARODD | CRTSCTS | CSIZE);
    settings.c_cflag |= static_cast<tcflag_t>(endpoint.data_bits == 7 ? CS7 : CS8);
    if (endpoint.stop_bits == 2) settings.c_cflag |= static_cast<tcflag_t>(CSTOPB);
    if (endpoint.parity != Parity::none) settings.c_cflag |= static_cast<tcflag_t>(PARENB);
    if (endpoint.parity == Parity::odd) settings.c_cflag |= static_cast<tcflag_t>(PARODD);
    settings.c_cc[VMIN] = 1;  // 0 would make "nothing there" look like the end of the line
    settings.c_cc[VTIME] = 0;
    ::cfsetspeed(&settings, to_speed(endpoint.baud));
}

}  // namespace

OpenedFd open_serial(const Endpoint& endpoint) {
    UniqueFd fd(::open(endpoint.path.c_str(), O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC));
    if (!fd.is_open()) return {UniqueFd(), errno};
    termios settings{};
    if (::tcgetattr(fd.get(), &settings) != 0) return {UniqueFd(), errno};  // ENOTTY: no serial line
    apply(endpoint, settings);
    if (::tcsetattr(fd.get(), TCSANOW, &settings) != 0) return {UniqueFd(), errno};
    ::ioctl(fd.get(), TIOCEXCL);  // a second program on the same line would eat half of the answers
    ::tcflush(fd.get(), TCIOFLUSH);
    return {std::move(fd), 0};
}

}  // namespace penstock::base
