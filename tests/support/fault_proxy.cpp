#include "tests/support/fault_proxy.hpp"

#include <algorithm>
#include <array>
#include <atomic>
#include <cerrno>
#include <deque>
#include <list>
#include <mutex>
#include <optional>
#include <random>
#include <string>
#include <system_error>
#include <thread>
#include <utility>
#include <vector>

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>

#include "core/base/unique_fd.hpp"

namespace penstock::testing {
namespace {

using base::UniqueFd;
using Clock = std::chrono::steady_clock;
using Mode = FaultProxy::Mode;
using Way = FaultProxy::Way;

constexpr std::size_t kMaxQueued = 1'000'000;  // bytes on their way; beyond, the sender waits

std::size_t index(Way way) { return static_cast<std::size_t>(way); }

[[noreturn]] void fail(const char* what) { throw std::system_error(errno, std::generic_category(), what); }

sockaddr_in loopback(std::uint16_t port) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return address;
}

UniqueFd tcp_socket(int flags) {
    UniqueFd fd(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | flags, 0));
    if (!fd.is_open()) fail("socket");
    return fd;
}

UniqueFd listen_on(std::uint16_t port) {
    auto fd = tcp_socket(SOCK_NONBLOCK);
    const int on = 1;
    ::setsockopt(fd.get(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    const auto address = loopback(port);
    if (::bind(fd.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) fail("bind");
    if (::listen(fd.get(), 64) != 0) fail("listen");
    return fd;
}

std::uint16_t port_of(int fd) {
    sockaddr_in address{};
    socklen_t size = sizeof address;
    if (::getsockname(fd, reinterpret_cast<sockaddr*>(&address), &size) != 0) fail("getsockname");
    return ntohs(address.sin_port);
}

// Closing then sends a reset, as a device that lost its power would by its next answer.
void close_with_reset(UniqueFd& fd) {
    const linger at_once{1, 0};
    ::setsockopt(fd.get(), SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
    fd.reset();
}

struct Piece {
    Clock::time_point due;
    std::string bytes;
};

struct Lane {  // one direction of a connection
    std::deque<Piece> pieces;
    std::size_t queued = 0;
    bool has_ended = false;  // the sender has; what is queued still goes
};

struct Connection {
    UniqueFd client, server;
    std::array<Lane, 2> lanes;
    [[nodiscard]] UniqueFd& source(Way way) { return way == Way::to_server ? client : server; }
    [[nodiscard]] UniqueFd& target(Way way) { return way == Way::to_server ? server : client; }
};

struct Settings {
    Mode mode = Mode::pass;
    std::chrono::milliseconds delay{0};
    std::size_t piece_size = 0;
    std::array<std::optional<std::size_t>, 2> cut_after;
    bool cut_now = false;
};

}  // namespace

struct FaultProxy::State {
    std::uint16_t server_port = 0;
    std::uint16_t port = 0;
    UniqueFd listener;
    UniqueFd wake{::eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC)};
    std::mutex mutex;  // guards `settings`
    Settings settings;
    std::atomic<bool> is_stopping{false};
    std::atomic<std::size_t> taken{0};
    std::array<std::atomic<std::size_t>, 2> passed{};
    std::list<Connection> connections;  // the thread's own, as is what follows
    std::mt19937 random{1};
    std::thread thread;

    void notify() const {
        const std::uint64_t one = 1;
        (void)!::write(wake.get(), &one, sizeof one);
    }
    template <class Change>
    void change(Change apply) {
        {
            const std::lock_guard lock(mutex);
            apply(settings);
        }
        notify();
    }

    void run();
    // As they are at this moment; a wish to cut is handed out once.
    Settings current() {
        const std::lock_guard lock(mutex);
        auto now = settings;
        settings.cut_now = false;
        return now;
    }
    void apply();
    void take();
    bool receive(Connection& connection, Way way);
    bool send(Connection& connection, Way way, Clock::time_point now);
    void cut(Connection& connection) {
        close_with_reset(connection.client);
        close_with_reset(connection.server);
    }
    int wait_ms() const;
    void serve(const std::vector<pollfd>& ready);
    std::vector<pollfd> interests();
};

std::vector<pollfd> FaultProxy::State::interests() {
    std::vector<pollfd> wanted{{wake.get(), POLLIN, 0}, {listener.get(), POLLIN, 0}};
    for (auto& connection : connections) {
        for (const auto way : {Way::to_server, Way::to_client}) {
            const auto& lane = connection.lanes[index(way)];
            const bool may_read = !lane.has_ended && lane.queued < kMaxQueued;
            wanted.push_back({may_read ? connection.source(way).get() : -1, POLLIN, 0});
        }
    }
    return wanted;
}

int FaultProxy::State::wait_ms() const {
    auto next = Clock::time_point::max();
    for (const auto& connection : connections) {
        for (const auto& lane : connection.lanes) {
            if (!lane.pieces.empty()) next = std::min(next, lane.pieces.front().due);
        }
    }
    if (next == Clock::time_point::max()) return -1;
    const auto wait = std::chrono::ceil<std::chrono::milliseconds>(next - Clock::now()).count();
    return static_cast<int>(std::clamp<std::int64_t>(wait, 0, 1000));
}

void FaultProxy::State::run() {
    while (!is_stopping) {
        auto ready = interests();
        ::poll(ready.data(), ready.size(), wait_ms());
        apply();
        serve(ready);
    }
    for (auto& connection : connections) cut(connection);
}

// A port on which nobody listens refuses; so the listener goes, and comes back to the same port.
void FaultProxy::State::apply() {
    const auto now = current();
    // First of all: who sees his link cut may be back at once.
    if (now.mode == Mode::refuse)
        listener.reset();
    else if (!listener.is_open())
        listener = listen_on(port);
    if (now.cut_now || now.mode == Mode::refuse) {
        for (auto& connection : connections) cut(connection);
        connections.clear();
    }
}

void FaultProxy::State::serve(const std::vector<pollfd>& ready) {
    std::uint64_t ignored = 0;
    (void)!::read(wake.get(), &ignored, sizeof ignored);
    std::size_t next = 2;
    for (auto connection = connections.begin(); connection != connections.end();) {
        bool is_alive = true;
        for (const auto way : {Way::to_server, Way::to_client}) {
            const bool is_ready = ready[next++].revents != 0;
            if (is_alive && is_ready) is_alive = receive(*connection, way);
            if (is_alive) is_alive = send(*connection, way, Clock::now());
        }
        if (!is_alive) cut(*connection);
        connection = is_alive ? std::next(connection) : connections.erase(connection);
    }
    if (ready[1].revents != 0 && listener.is_open()) take();
}

void FaultProxy::State::take() {
    UniqueFd client(::accept4(listener.get(), nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC));
    if (!client.is_open()) return;
    ++taken;
    auto server = tcp_socket(0);
    const auto address = loopback(server_port);
    if (::connect(server.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0)
        return close_with_reset(client);
    const int on = 1;
    ::setsockopt(client.get(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    ::setsockopt(server.get(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    connections.push_back({std::move(client), std::move(server), {}});
}

// False: the connection is to be cut.
bool FaultProxy::State::receive(Connection& connection, Way way) {
    std::array<char, 16'384> buffer;
    const auto count = ::recv(connection.source(way).get(), buffer.data(), buffer.size(), MSG_DONTWAIT);
    if (count < 0) return errno == EAGAIN || errno == EINTR;
    auto& lane = connection.lanes[index(way)];
    if (count == 0) {
        lane.has_ended = true;
        return true;
    }
    Settings now;
    {
        const std::lock_guard lock(mutex);
        now = settings;  // after the bytes were taken: what was set before they were sent holds for them
    }
    if (now.mode == Mode::swallow) return true;
    std::string bytes(buffer.data(), static_cast<std::size_t>(count));
    if (now.mode == Mode::garbage && way == Way::to_client) {
        for (char& byte : bytes) byte = static_cast<char>(random());
    }
    const auto step = now.piece_size == 0 ? bytes.size() : now.piece_size;
    auto due = std::max(Clock::now(), lane.pieces.empty() ? Clock::now() : lane.pieces.back().due);
    for (std::size_t at = 0; at < bytes.size(); at += step) {
        due += now.delay;
        lane.pieces.push_back({due, bytes.substr(at, step)});
    }
    lane.queued += bytes.size();
    return true;
}

bool FaultProxy::State::send(Connection& connection, Way way, Clock::time_point now) {
    auto& lane = connection.lanes[index(way)];
    while (!lane.pieces.empty() && lane.pieces.front().due <= now) {
        auto& bytes = lane.pieces.front().bytes;
        bool is_last = false;
        {
            const std::lock_guard lock(mutex);
            auto& left = settings.cut_after[index(way)];
            if (left && bytes.size() >= *left) {
                bytes.resize(*left);
                is_last = true;
                left.reset();
            } else if (left) {
                *left -= bytes.size();
            }
        }
        const auto sent = ::send(connection.target(way).get(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
        passed[index(way)] += bytes.size();
        lane.queued -= std::min(lane.queued, bytes.size());
        lane.pieces.pop_front();
        if (sent < 0) return false;
        if (is_last) {
            connection.target(way).reset();  // in order: a reset might overtake the bytes
            return false;
        }
    }
    if (lane.has_ended && lane.pieces.empty()) ::shutdown(connection.target(way).get(), SHUT_WR);
    return !(connection.lanes[0].has_ended && connection.lanes[1].has_ended && connection.lanes[0].pieces.empty()
             && connection.lanes[1].pieces.empty());
}

FaultProxy::FaultProxy(std::uint16_t server_port) : state_(std::make_unique<State>()) {
    state_->server_port = server_port;
    state_->listener = listen_on(0);
    state_->port = port_of(state_->listener.get());
    state_->thread = std::thread([state = state_.get()] { state->run(); });
}

FaultProxy::~FaultProxy() {
    state_->is_stopping = true;
    state_->notify();
    state_->thread.join();
}

std::uint16_t FaultProxy::port() const noexcept { return state_->port; }

void FaultProxy::set_mode(Mode mode) {
    state_->change([=](Settings& settings) { settings.mode = mode; });
}
void FaultProxy::set_delay(std::chrono::milliseconds delay) {
    state_->change([=](Settings& settings) { settings.delay = delay; });
}
void FaultProxy::set_piece_size(std::size_t bytes) {
    state_->change([=](Settings& settings) { settings.piece_size = bytes; });
}
void FaultProxy::cut_after(Way way, std::size_t bytes) {
    state_->change([=](Settings& settings) { settings.cut_after[index(way)] = bytes; });
}
void FaultProxy::cut() {
    state_->change([](Settings& settings) { settings.cut_now = true; });
}

std::size_t FaultProxy::connections_taken() const noexcept { return state_->taken; }
std::size_t FaultProxy::bytes_passed(Way way) const noexcept { return state_->passed[index(way)]; }

}  // namespace penstock::testing
