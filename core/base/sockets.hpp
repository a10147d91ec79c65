#pragma once

// Plain system calls on sockets and serial lines, non-blocking. Errors are errno values; 0 is none.

#include <string>

#include <penstock/abi/io.hpp>

#include "core/base/endpoint.hpp"
#include "core/base/name_resolver.hpp"
#include "core/base/unique_fd.hpp"

namespace penstock::base {

struct OpenedFd {
    UniqueFd fd;
    int error = 0;
};

// The ErrorCode that a plugin is told for an errno.
[[nodiscard]] ErrorCode to_error_code(int system_error) noexcept;

// Begins to connect; error EINPROGRESS: wait until it is writable, then ask finish_connect(). A Unix socket whose
// listener is busy gives EAGAIN: try again later.
[[nodiscard]] OpenedFd start_connect(EndpointKind kind, const SocketAddress& address);
[[nodiscard]] SocketAddress unix_address(const std::string& path) noexcept;
// What became of it. A TCP socket that has connected to itself (the port is free and was drawn as our own) is refused.
[[nodiscard]] int finish_connect(int fd) noexcept;

[[nodiscard]] OpenedFd listen_tcp(const SocketAddress& address);
// The socket file is made with mode 0600. A file left behind by a dead process is replaced; one that somebody answers on
// gives EADDRINUSE; one that is no socket gives EEXIST.
[[nodiscard]] OpenedFd listen_unix(const std::string& path);
// Removes the socket file if it is still the one of this listener.
void remove_socket_file(int listener, const std::string& path) noexcept;
[[nodiscard]] OpenedFd accept_stream(int listener);

[[nodiscard]] OpenedFd open_serial(const Endpoint& endpoint);

// "tcp://127.0.0.1:40123" of the local end.
[[nodiscard]] std::string local_url(int fd);
// Address and, for Unix sockets, credentials of the other end.
void read_peer(int fd, abi::PeerInfo& info) noexcept;

}  // namespace penstock::base
