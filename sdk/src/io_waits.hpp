#pragma once

// The waits on the host, one class each. They live in a coroutine's frame, and are named there before they are awaited
// (g++ 12.2 is not to be trusted with temporaries in a co_await expression).

#include <algorithm>
#include <cstring>
#include <span>
#include <string>
#include <string_view>

#include <penstock/io.hpp>

namespace penstock::detail {

class OpenWait final : public IoWait {
public:
    OpenWait(abi::HostIo& host, std::string_view endpoint, Deadline deadline) noexcept
        : IoWait(host), endpoint_(endpoint), deadline_(deadline) {}
    void await_suspend(std::coroutine_handle<> waiter) noexcept {
        begin(waiter);
        host_->open(abi::text(endpoint_), to_ns(deadline_), *this);
    }
    [[nodiscard]] abi::IoResult await_resume() const noexcept { return result_; }

private:
    std::string_view endpoint_;
    Deadline deadline_;
};

class ListenWait final : public IoWait {
public:
    ListenWait(abi::HostIo& host, std::string_view endpoint) noexcept : IoWait(host), endpoint_(endpoint) {}
    void await_suspend(std::coroutine_handle<> waiter) noexcept {
        begin(waiter);
        host_->listen(abi::text(endpoint_), *this);
    }
    [[nodiscard]] abi::IoResult await_resume() const noexcept { return result_; }

private:
    std::string_view endpoint_;
};

class AcceptWait final : public IoWait {
public:
    AcceptWait(abi::HostIo& host, abi::Handle listener, Deadline deadline) noexcept
        : IoWait(host), deadline_(deadline), listener_(listener) {}
    void await_suspend(std::coroutine_handle<> waiter) noexcept {
        begin(waiter);
        host_->accept(listener_, to_ns(deadline_), *this);
    }
    [[nodiscard]] abi::IoResult await_resume() const noexcept { return result_; }

private:
    Deadline deadline_;
    abi::Handle listener_;
};

class SleepWait final : public IoWait {
public:
    SleepWait(abi::HostIo& host, MonotonicTime time) noexcept : IoWait(host), time_(time) {}
    void await_suspend(std::coroutine_handle<> waiter) noexcept {
        begin(waiter);
        host_->sleep_until(to_ns(time_), *this);
    }
    [[nodiscard]] abi::IoResult await_resume() const noexcept { return result_; }

private:
    MonotonicTime time_;
};

// Takes all that has arrived: first fills `into`, the rest goes to `overflow`.
class ReadWait final : public IoWait {
public:
    static constexpr std::uint64_t kMost = 64 * 1024;  // more than asked for saves a round through the host

    ReadWait(abi::HostIo& host, abi::Handle stream, std::span<std::byte> into, std::string& overflow,
             Deadline deadline) noexcept
        : IoWait(host), into_(into), overflow_(&overflow), deadline_(deadline), stream_(stream) {}
    void await_suspend(std::coroutine_handle<> waiter) noexcept {
        begin(waiter);
        host_->read(stream_, kMost, to_ns(deadline_), *this);
    }
    [[nodiscard]] abi::IoResult await_resume() const noexcept { return result_; }
    [[nodiscard]] std::size_t filled() const noexcept { return filled_; }

private:
    void receive(abi::Bytes bytes) noexcept override {
        const auto size = static_cast<std::size_t>(bytes.size);
        filled_ = std::min(into_.size(), size);
        if (filled_ != 0) std::memcpy(into_.data(), bytes.data, filled_);
        overflow_->append(reinterpret_cast<const char*>(bytes.data) + filled_, size - filled_);
    }

    std::span<std::byte> into_;
    std::string* overflow_;
    Deadline deadline_;
    std::size_t filled_ = 0;
    abi::Handle stream_;
};

class WriteWait final : public IoWait {
public:
    WriteWait(abi::HostIo& host, abi::Handle stream, std::span<const abi::Bytes> parts, Deadline deadline) noexcept
        : IoWait(host), parts_(parts), deadline_(deadline), stream_(stream) {}
    void await_suspend(std::coroutine_handle<> waiter) noexcept {
        begin(waiter);
        host_->write(stream_, parts_.data(), static_cast<std::uint32_t>(parts_.size()), to_ns(deadline_), *this);
    }
    [[nodiscard]] abi::IoResult await_resume() const noexcept { return result_; }

private:
    std::span<const abi::Bytes> parts_;
    Deadline deadline_;
    abi::Handle stream_;
};

}  // namespace penstock::detail
