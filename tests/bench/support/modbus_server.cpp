#include "tests/bench/support/modbus_server.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <sys/epoll.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <map>
#include <new>
#include <vector>

namespace penstock::bench {

struct ModbusServer::Shared {
    std::atomic<std::uint64_t> requests{0};
    std::atomic<bool> is_mute{false};
};

namespace {

constexpr std::size_t kRequestBytes = 12;  // all that are answered here have one length
constexpr std::size_t kMaxRegisters = 125;

[[noreturn]] void give_up(const char* what) {
    std::perror(what);
    std::exit(1);
}

int listen_on_loopback(std::uint16_t& port) {
    const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    auto* const generic = reinterpret_cast<sockaddr*>(&address);
    if (fd < 0 || ::bind(fd, generic, size) != 0 || ::listen(fd, 1024) != 0 || ::getsockname(fd, generic, &size) != 0)
        give_up("modbus server: no socket");
    port = ntohs(address.sin_port);
    return fd;
}

// The child's loop. One process, one thread, level-triggered.
template <class Shared>
class Loop {
public:
    Loop(Shared& shared, int listener, int mutable_listener)
        : shared_(shared), listener_(listener), mutable_listener_(mutable_listener) {
        watch(listener);
        watch(mutable_listener);
    }

    [[noreturn]] void run() {
        std::array<epoll_event, 256> events;
        for (;;) {
            const int count = ::epoll_wait(epoll_, events.data(), events.size(), -1);
            for (int i = 0; i < count; ++i) handle(events[static_cast<std::size_t>(i)].data.fd);
        }
    }

private:
    struct Connection {
        bool is_mutable = false;
        std::vector<std::uint8_t> pending;  // a request of which the rest has not come yet
    };

    void watch(int fd) {
        epoll_event event{};
        event.events = EPOLLIN;
        event.data.fd = fd;
        ::epoll_ctl(epoll_, EPOLL_CTL_ADD, fd, &event);
    }

    void handle(int fd) {
        if (fd == listener_ || fd == mutable_listener_) return take(fd);
        auto& connection = connections_[fd];
        std::array<std::uint8_t, 4096> bytes;
        const auto count = ::recv(fd, bytes.data(), bytes.size(), 0);
        if (count <= 0) return drop(fd);
        connection.pending.insert(connection.pending.end(), bytes.begin(), bytes.begin() + count);
        reply_.clear();
        std::size_t taken = 0;
        for (; connection.pending.size() - taken >= kRequestBytes; taken += kRequestBytes) {
            shared_.requests.fetch_add(1, std::memory_order_relaxed);
            if (connection.is_mutable && shared_.is_mute.load(std::memory_order_relaxed)) continue;
            append_reply(&connection.pending[taken]);
        }
        connection.pending.erase(connection.pending.begin(), connection.pending.begin() + static_cast<std::ptrdiff_t>(taken));
        // A client that polls has room for one reply; one that does not take it is none that is measured here.
        if (!reply_.empty() && ::send(fd, reply_.data(), reply_.size(), MSG_NOSIGNAL) != static_cast<ssize_t>(reply_.size()))
            drop(fd);
    }

    void take(int listener) {
        const int fd = ::accept4(listener, nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC);
        if (fd < 0) return;
        const int on = 1;
        ::setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
        connections_[fd] = {.is_mutable = listener == mutable_listener_, .pending = {}};
        watch(fd);
    }

    void drop(int fd) {
        ::close(fd);
        connections_.erase(fd);
    }

    void append_reply(const std::uint8_t* request) {
        const auto start = static_cast<std::uint16_t>(request[8] << 8U | request[9]);
        const auto count = std::min<std::size_t>(static_cast<std::size_t>(request[10] << 8U | request[11]), kMaxRegisters);
        const auto data_bytes = static_cast<std::uint8_t>(2 * count);
        reply_.insert(reply_.end(),
                      {request[0], request[1], 0, 0, 0, static_cast<std::uint8_t>(data_bytes + 3), request[6], 3, data_bytes});
        ++round_;
        for (std::size_t i = 0; i < count; ++i) {
            const auto value = static_cast<std::uint16_t>(start + i + round_);
            reply_.push_back(static_cast<std::uint8_t>(value >> 8U));
            reply_.push_back(static_cast<std::uint8_t>(value & 0xFFU));
        }
    }

    Shared& shared_;
    int listener_;
    int mutable_listener_;
    int epoll_ = ::epoll_create1(EPOLL_CLOEXEC);
    std::map<int, Connection> connections_;
    std::vector<std::uint8_t> reply_;
    std::size_t round_ = 0;
};

}  // namespace

ModbusServer::ModbusServer() {
    void* const memory = ::mmap(nullptr, sizeof(Shared), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (memory == MAP_FAILED) give_up("modbus server: no shared memory");
    shared_ = new (memory) Shared;
    const int listener = listen_on_loopback(port_);
    const int mutable_listener = listen_on_loopback(mutable_port_);
    const auto parent = ::getpid();
    child_ = ::fork();
    if (child_ < 0) give_up("modbus server: cannot fork");
    if (child_ == 0) {
        ::prctl(PR_SET_PDEATHSIG, SIGKILL);
        if (::getppid() != parent) std::_Exit(1);
        Loop(*shared_, listener, mutable_listener).run();
    }
    ::close(listener);
    ::close(mutable_listener);
}

ModbusServer::~ModbusServer() {
    ::kill(child_, SIGKILL);
    ::waitpid(child_, nullptr, 0);
    ::munmap(shared_, sizeof(Shared));
}

void ModbusServer::set_mute(bool is_mute) const noexcept { shared_->is_mute.store(is_mute); }

std::uint64_t ModbusServer::requests() const noexcept { return shared_->requests.load(std::memory_order_relaxed); }

}  // namespace penstock::bench
