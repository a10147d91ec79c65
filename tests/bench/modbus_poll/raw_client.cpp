#include "tests/bench/modbus_poll/raw_client.hpp"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <memory>

#include "tests/bench/support/polled_plant.hpp"

namespace penstock::bench {
namespace {

constexpr std::uint16_t kMostAtOnce = 125;
constexpr std::size_t kHeaderBytes = 9;  // up to the byte count

[[noreturn]] void give_up(const char* what) {
    std::fprintf(stderr, "raw client: %s\n", what);
    std::exit(1);
}

int connect_to(std::uint16_t port) {
    const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    address.sin_port = htons(port);
    if (fd < 0 || ::connect(fd, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0) give_up("cannot connect");
    const int on = 1;
    ::setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    ::fcntl(fd, F_SETFL, O_NONBLOCK);
    return fd;
}

class Device {
public:
    Device(std::uint16_t port, std::uint16_t registers, MonotonicTime tick)
        : fd_(connect_to(port)), next_(tick), values_(registers) {}
    ~Device() { ::close(fd_); }
    Device(const Device&) = delete;
    Device& operator=(const Device&) = delete;

    [[nodiscard]] int fd() const noexcept { return fd_; }
    [[nodiscard]] MonotonicTime next() const noexcept { return next_; }
    [[nodiscard]] std::uint64_t scans() const noexcept { return scans_; }
    [[nodiscard]] std::uint64_t sum() const noexcept { return values_.front() + std::uint64_t{values_.back()}; }

    // False: the last scan is not over.
    bool begin_scan(MonotonicTime now, Duration period) {
        while (next_ <= now) next_ += period;
        if (wanted_ != 0) return false;
        at_ = 0;
        ask();
        return true;
    }

    void on_readable() {
        const auto count = ::recv(fd_, reply_.data() + filled_, reply_.size() - filled_, 0);
        if (count <= 0) give_up("the server is gone");
        filled_ += static_cast<std::size_t>(count);
        if (filled_ < kHeaderBytes + 2U * wanted_) return;
        const auto transaction = static_cast<std::uint16_t>(reply_[0] << 8U | reply_[1]);
        if (transaction != transaction_ || reply_[7] != 3 || reply_[8] != 2 * wanted_)
            give_up("another reply than was asked for");
        for (std::size_t i = 0; i < wanted_; ++i) {
            const auto* const word = &reply_[kHeaderBytes + 2 * i];
            values_[at_ + i] = static_cast<std::uint16_t>(word[0] << 8U | word[1]);
        }
        at_ += wanted_;
        if (at_ < values_.size()) return ask();
        wanted_ = 0;
        ++scans_;
    }

private:
    void ask() {
        wanted_ = static_cast<std::uint16_t>(std::min<std::size_t>(kMostAtOnce, values_.size() - at_));
        filled_ = 0;
        ++transaction_;
        const std::array<std::uint8_t, 12> request{static_cast<std::uint8_t>(transaction_ >> 8U),
                                                   static_cast<std::uint8_t>(transaction_ & 0xFFU),
                                                   0,
                                                   0,
                                                   0,
                                                   6,
                                                   1,
                                                   3,
                                                   static_cast<std::uint8_t>(at_ >> 8U),
                                                   static_cast<std::uint8_t>(at_ & 0xFFU),
                                                   0,
                                                   static_cast<std::uint8_t>(wanted_)};
        if (::send(fd_, request.data(), request.size(), MSG_NOSIGNAL) != static_cast<ssize_t>(request.size()))
            give_up("cannot send");
    }

    int fd_;
    MonotonicTime next_;
    std::vector<std::uint16_t> values_;
    std::array<std::uint8_t, 300> reply_;
    std::size_t filled_ = 0;
    std::size_t at_ = 0;        // the register that the present request begins with
    std::uint16_t wanted_ = 0;  // its registers; 0 between scans
    std::uint16_t transaction_ = 0;
    std::uint64_t scans_ = 0;
};

class RawClient {
public:
    RawClient(std::uint16_t port, const std::vector<MonotonicTime>& ticks, std::uint16_t registers, Duration period)
        : period_(period) {
        for (const auto tick : ticks) {
            devices_.push_back(std::make_unique<Device>(port, registers, tick));
            epoll_event event{};
            event.events = EPOLLIN;
            event.data.ptr = devices_.back().get();
            ::epoll_ctl(epoll_, EPOLL_CTL_ADD, devices_.back()->fd(), &event);
        }
        // All ticks within one period, in order: due devices come round robin.
        const auto start = monotonic_now();
        for (auto& device : devices_) device->begin_scan(start, period_);
        std::ranges::sort(devices_, {}, [](const auto& device) { return device->next(); });
    }
    ~RawClient() { ::close(epoll_); }
    RawClient(const RawClient&) = delete;
    RawClient& operator=(const RawClient&) = delete;

    void run_until(MonotonicTime end) {
        std::array<epoll_event, 64> events;
        for (auto now = monotonic_now(); now < end; now = monotonic_now()) {
            for (; devices_[due_]->next() <= now; due_ = (due_ + 1) % devices_.size()) devices_[due_]->begin_scan(now, period_);
            const auto left = std::chrono::ceil<std::chrono::milliseconds>(devices_[due_]->next() - now);
            const int count = ::epoll_wait(epoll_, events.data(), events.size(), static_cast<int>(left.count()));
            for (int i = 0; i < count; ++i) static_cast<Device*>(events[static_cast<std::size_t>(i)].data.ptr)->on_readable();
        }
    }

    [[nodiscard]] std::uint64_t scans() const {
        std::uint64_t scans = 0;
        for (const auto& device : devices_) scans += device->scans();
        return scans;
    }
    [[nodiscard]] std::uint64_t sum() const {
        std::uint64_t sum = 0;
        for (const auto& device : devices_) sum += device->sum();
        return sum;
    }

private:
    Duration period_;
    int epoll_ = ::epoll_create1(EPOLL_CLOEXEC);
    std::vector<std::unique_ptr<Device>> devices_;
    std::size_t due_ = 0;
};

}  // namespace

RawRun run_raw_client(std::uint16_t port, const std::vector<MonotonicTime>& ticks, std::uint16_t registers, Duration period,
                      Duration duration) {
    RawClient client(port, ticks, registers, period);
    client.run_until(monotonic_now() + 3 * period);
    const auto scans_before = client.scans();
    const auto cpu_before = process_cpu_seconds();
    client.run_until(monotonic_now() + duration);
    return {.scans = client.scans() - scans_before, .cpu_seconds = process_cpu_seconds() - cpu_before, .sum = client.sum()};
}

}  // namespace penstock::bench
