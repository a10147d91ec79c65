#include "core/base/sockets.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdio>
#include <cstring>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/un.h>

namespace penstock::base {
namespace {

constexpr int kBacklog = 128;

OpenedFd failed(int error) { return {UniqueFd(), error}; }

UniqueFd make_socket(int family, int type) { return UniqueFd(::socket(family, type | SOCK_NONBLOCK | SOCK_CLOEXEC, 0)); }

void set_option(int fd, int level, int name) noexcept {
    const int on = 1;
    ::setsockopt(fd, level, name, &on, sizeof on);
}

// A peer that vanished without a word is noticed by keep-alives after about 1 minute even where nobody writes.
void tune_tcp(int fd) noexcept {
    set_option(fd, IPPROTO_TCP, TCP_NODELAY);
    set_option(fd, SOL_SOCKET, SO_KEEPALIVE);
    const int idle_s = 30, interval_s = 10, count = 3;
    ::setsockopt(fd, IPPROTO_TCP, TCP_KEEPIDLE, &idle_s, sizeof idle_s);
    ::setsockopt(fd, IPPROTO_TCP, TCP_KEEPINTVL, &interval_s, sizeof interval_s);
    ::setsockopt(fd, IPPROTO_TCP, TCP_KEEPCNT, &count, sizeof count);
}

SocketAddress name_of(int fd, int (*ask)(int, sockaddr*, socklen_t*)) noexcept {
    SocketAddress address;
    address.size = sizeof address.storage;
    if (ask(fd, reinterpret_cast<sockaddr*>(&address.storage), &address.size) != 0) address.size = 0;
    return address;
}
SocketAddress local_name(int fd) noexcept { return name_of(fd, ::getsockname); }
SocketAddress peer_name(int fd) noexcept { return name_of(fd, ::getpeername); }

bool is_internet(const SocketAddress& address) noexcept {
    return address.size != 0 && (address.storage.ss_family == AF_INET || address.storage.ss_family == AF_INET6);
}

// "127.0.0.1:502", "[::1]:502", "" for anything else.
std::string to_text(const SocketAddress& address) {
    std::array<char, INET6_ADDRSTRLEN> text{};
    if (address.size != 0 && address.storage.ss_family == AF_INET) {
        const auto* v4 = reinterpret_cast<const sockaddr_in*>(&address.storage);
        ::inet_ntop(AF_INET, &v4->sin_addr, text.data(), text.size());
        return host_and_port(text.data(), ntohs(v4->sin_port));
    }
    if (address.size != 0 && address.storage.ss_family == AF_INET6) {
        const auto* v6 = reinterpret_cast<const sockaddr_in6*>(&address.storage);
        ::inet_ntop(AF_INET6, &v6->sin6_addr, text.data(), text.size());
        return host_and_port(text.data(), ntohs(v6->sin6_port));
    }
    return {};
}

bool is_connected_to_itself(int fd) noexcept {
    const auto local = local_name(fd);
    const auto peer = peer_name(fd);
    return is_internet(local) && local.size == peer.size && std::memcmp(&local.storage, &peer.storage, local.size) == 0;
}

}  // namespace

ErrorCode to_error_code(int system_error) noexcept {
    switch (system_error) {
        case ETIMEDOUT: return ErrorCode::timeout;
        case EACCES:
        case EPERM: return ErrorCode::denied;
        case EMFILE:
        case ENFILE:
        case ENOBUFS:
        case ENOMEM:
        case EADDRINUSE:
        case EEXIST:
        case EBUSY: return ErrorCode::unavailable;
        case EAFNOSUPPORT:
        case EPROTONOSUPPORT: return ErrorCode::unsupported;
        case EINVAL:
        case ENAMETOOLONG:
        case ENOTTY: return ErrorCode::invalid_argument;
        default: return ErrorCode::disconnected;
    }
}

OpenedFd start_connect(EndpointKind kind, const SocketAddress& address) {
    auto fd = make_socket(address.storage.ss_family, kind == EndpointKind::udp ? SOCK_DGRAM : SOCK_STREAM);
    if (!fd.is_open()) return failed(errno);
    if (kind == EndpointKind::tcp) tune_tcp(fd.get());
    if (::connect(fd.get(), address.get(), address.size) == 0) {
        const int error = finish_connect(fd.get());
        return {std::move(fd), error};
    }
    const int error = errno;
    if (error != EINPROGRESS) return failed(error);
    return {std::move(fd), error};
}

SocketAddress unix_address(const std::string& path) noexcept {
    SocketAddress address;
    auto* local = reinterpret_cast<sockaddr_un*>(&address.storage);
    local->sun_family = AF_UNIX;
    const auto size = std::min(path.size(), sizeof local->sun_path - 1);
    std::memcpy(local->sun_path, path.data(), size);
    address.size = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + size + 1);
    return address;
}

int finish_connect(int fd) noexcept {
    int error = 0;
    socklen_t size = sizeof error;
    if (::getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &size) != 0) return errno;
    if (error == 0 && is_connected_to_itself(fd)) return ECONNREFUSED;
    return error;
}

OpenedFd listen_tcp(const SocketAddress& address) {
    auto fd = make_socket(address.storage.ss_family, SOCK_STREAM);
    if (!fd.is_open()) return failed(errno);
    set_option(fd.get(), SOL_SOCKET, SO_REUSEADDR);
    if (::bind(fd.get(), address.get(), address.size) != 0) return failed(errno);
    if (::listen(fd.get(), kBacklog) != 0) return failed(errno);
    return {std::move(fd), 0};
}

OpenedFd accept_stream(int listener) {
    UniqueFd fd(::accept4(listener, nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC));
    if (!fd.is_open()) return failed(errno);
    if (is_internet(local_name(fd.get()))) tune_tcp(fd.get());
    return {std::move(fd), 0};
}

std::string local_url(int fd) { return "tcp://" + to_text(local_name(fd)); }

void read_peer(int fd, abi::PeerInfo& info) noexcept {
    info = {};
    info.user_id = info.process_id = -1;
    const auto local = local_name(fd);
    std::string text = to_text(peer_name(fd));
    if (local.size != 0 && local.storage.ss_family == AF_UNIX) {
        text = "unix";
        ucred credentials{};
        socklen_t size = sizeof credentials;
        if (::getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &credentials, &size) == 0) {
            info.user_id = credentials.uid;
            info.process_id = credentials.pid;
        }
    }
    info.address_size = static_cast<std::uint32_t>(std::min(text.size(), sizeof info.address));
    std::memcpy(info.address, text.data(), info.address_size);
}

}  // namespace penstock::base
