#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <cerrno>

#include "core/base/sockets.hpp"

namespace penstock::base {
namespace {

// Does a living process listen there? A full backlog (EAGAIN) is an answer too.
bool is_answered(const SocketAddress& address) {
    const UniqueFd probe(::socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
    if (!probe.is_open()) return true;
    if (::connect(probe.get(), address.get(), address.size) == 0) return true;
    return errno != ECONNREFUSED && errno != ENOENT;
}

// 0: the path is free now.
int make_room(const std::string& path, const SocketAddress& address) {
    struct stat found{};
    if (::lstat(path.c_str(), &found) != 0) return errno == ENOENT ? 0 : errno;
    if (!S_ISSOCK(found.st_mode)) return EEXIST;
    if (is_answered(address)) return EADDRINUSE;
    return ::unlink(path.c_str()) == 0 || errno == ENOENT ? 0 : errno;
}

}  // namespace

OpenedFd listen_unix(const std::string& path) {
    const auto address = unix_address(path);
    if (const int error = make_room(path, address); error != 0) return {UniqueFd(), error};
    UniqueFd fd(::socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
    if (!fd.is_open()) return {UniqueFd(), errno};
    // On Linux the mode of the socket becomes that of its file, so there is no moment at which others could connect.
    if (::fchmod(fd.get(), S_IRUSR | S_IWUSR) != 0) return {UniqueFd(), errno};
    if (::bind(fd.get(), address.get(), address.size) != 0) return {UniqueFd(), errno};
    if (::listen(fd.get(), 128) != 0) return {UniqueFd(), errno};
    return {std::move(fd), 0};
}

// Our file: one that nobody answers on once our listener is shut. A successor's file is answered, and stays.
void remove_socket_file(int listener, const std::string& path) noexcept {
    ::shutdown(listener, SHUT_RDWR);
    struct stat found{};
    if (::lstat(path.c_str(), &found) != 0 || !S_ISSOCK(found.st_mode)) return;
    if (!is_answered(unix_address(path))) ::unlink(path.c_str());
}

}  // namespace penstock::base
