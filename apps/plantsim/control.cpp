#include "apps/plantsim/control.hpp"

#include <fcntl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <optional>
#include <system_error>

namespace penstock::plantsim {
namespace {

constexpr std::string_view kAccepted = "ok\n";
constexpr std::string_view kRefused = "refused\n";

std::string reason() { return std::generic_category().message(errno); }

std::optional<sockaddr_un> address_of(const std::string& path) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    if (path.size() >= sizeof address.sun_path) return std::nullopt;
    std::memcpy(address.sun_path, path.data(), path.size());
    return address;
}

std::unexpected<std::string> too_long(const std::string& path) {
    return std::unexpected("--control " + path + " is too long for a Unix socket (107 bytes); choose a shorter path");
}

FileHandle connect_to(const sockaddr_un& address) {
    FileHandle socket(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
    if (!socket || ::connect(socket.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) return {};
    return socket;
}

// A plantsim that was killed leaves its socket behind. Nothing but a socket of that kind is removed.
void remove_stale(const std::string& path, const sockaddr_un& address) {
    struct stat status{};
    const bool is_socket = ::lstat(path.c_str(), &status) == 0 && S_ISSOCK(status.st_mode);
    if (is_socket && !connect_to(address)) ::unlink(path.c_str());
}

bool send_all(int socket, std::string_view text) {
    while (!text.empty()) {
        const ssize_t sent = ::send(socket, text.data(), text.size(), MSG_NOSIGNAL);
        if (sent <= 0) return false;
        text.remove_prefix(static_cast<std::size_t>(sent));
    }
    return true;
}

}  // namespace

std::string Control::default_path(std::uint16_t port) {
    const std::string name = std::to_string(port) + ".sock";
    const char* runtime = std::getenv("XDG_RUNTIME_DIR");
    if (runtime != nullptr && *runtime != '\0') return std::string(runtime) + "/plantsim-" + name;
    return "/tmp/plantsim-" + std::to_string(::getuid()) + "-" + name;
}

Control::Control(std::string path, FileHandle listener) : path_(std::move(path)), listener_(std::move(listener)) {
    clients_.push_back({FileHandle(::fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 3)), "", true});
}

Control::~Control() {
    if (listener_) ::unlink(path_.c_str());
}

std::expected<Control, std::string> Control::open(const std::string& path) {
    const auto address = address_of(path);
    if (!address) return too_long(path);
    remove_stale(path, *address);
    FileHandle listener(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
    const mode_t mask = ::umask(0077);
    const int bound = ::bind(listener.get(), reinterpret_cast<const sockaddr*>(&*address), sizeof *address);
    ::umask(mask);
    if (bound != 0)
        return std::unexpected("cannot make the control socket " + path + ": " + reason() + "; choose another --control");
    if (::listen(listener.get(), 4) != 0) return std::unexpected("control socket " + path + ": " + reason());
    return Control(path, std::move(listener));
}

void Control::add_descriptors(std::vector<pollfd>& descriptors) const {
    descriptors.push_back({listener_.get(), POLLIN, 0});
    for (const Client& client : clients_) descriptors.push_back({client.in.get(), POLLIN, 0});
}

void Control::serve(std::span<const pollfd> ready, const Run& run) {
    const auto is_ready = [&](int fd) {
        return std::ranges::any_of(ready, [fd](const pollfd& p) { return p.fd == fd && p.revents != 0; });
    };
    std::erase_if(clients_, [&](Client& client) { return is_ready(client.in.get()) && !serve_one(client, run); });
    if (is_ready(listener_.get())) accept_all();
}

void Control::accept_all() {
    while (true) {
        FileHandle socket(::accept4(listener_.get(), nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK));
        if (!socket) return;
        if (clients_.size() < kMostClients) clients_.push_back({std::move(socket), "", false});
    }
}

bool Control::serve_one(Client& client, const Run& run) {
    std::array<char, kLongestLine> buffer;
    const ssize_t count = ::read(client.in.get(), buffer.data(), buffer.size());
    if (count < 0) return errno == EAGAIN || errno == EINTR;
    if (count == 0) return false;
    client.pending.append(buffer.data(), static_cast<std::size_t>(count));
    for (std::size_t end = 0; (end = client.pending.find('\n')) != std::string::npos;) {
        answer(client, run(std::string_view(client.pending).substr(0, end)));
        client.pending.erase(0, end + 1);
    }
    return client.pending.size() <= kLongestLine;
}

void Control::answer(const Client& client, const Reply& reply) const {
    std::string text = reply.text.empty() ? "" : reply.text + "\n";
    if (client.is_terminal) {
        std::fwrite(text.data(), 1, text.size(), reply.accepted ? stdout : stderr);
        return;
    }
    text += reply.accepted ? kAccepted : kRefused;
    // A client that does not take its answer loses it.
    send_all(client.in.get(), text);
}

std::expected<Reply, std::string> send_command(const std::string& path, const std::string& line) {
    const auto address = address_of(path);
    if (!address) return too_long(path);
    const FileHandle socket = connect_to(*address);
    if (!socket)
        return std::unexpected("no plantsim answers at " + path + ": " + reason() + "; is it running, and on this --port?");
    const timeval patience{5, 0};
    ::setsockopt(socket.get(), SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    if (!send_all(socket.get(), line + "\n")) return std::unexpected("control socket " + path + ": " + reason());
    std::string text;
    std::array<char, 4096> buffer;
    while (!text.ends_with(kAccepted) && !text.ends_with(kRefused)) {
        const ssize_t count = ::read(socket.get(), buffer.data(), buffer.size());
        if (count <= 0) return std::unexpected("the plantsim at " + path + " does not answer");
        text.append(buffer.data(), static_cast<std::size_t>(count));
    }
    const bool accepted = text.ends_with(kAccepted);
    text.resize(text.size() - (accepted ? kAccepted : kRefused).size());
    if (text.ends_with('\n')) text.pop_back();
    return Reply{accepted, text};
}

}  // namespace penstock::plantsim
