#pragma once

// Io: everything a plugin may wait for. Implemented by the host on real sockets, by the conformance kits on a scripted
// network and clock, so that a driver's faults are tested without either.
//
// All of it: [strand], on the instance's own strand. Every call has a deadline; there is no "for ever". Failures are
// thrown as LinkError with a sentence that names the endpoint: timeout, disconnected, cancelled (the host is stopping:
// let it pass through), invalid_argument (an endpoint that cannot be read), unsupported (a scheme not offered here).

#include <coroutine>
#include <cstddef>
#include <span>
#include <string>
#include <string_view>

#include <penstock/abi/io.hpp>
#include <penstock/result.hpp>
#include <penstock/task.hpp>
#include <penstock/time.hpp>

namespace penstock {

class Io;

namespace detail {

// One wait on the host. Lives in the coroutine's frame; destroying the frame withdraws it.
class IoWait : public abi::Completion {
public:
    IoWait(const IoWait&) = delete;
    IoWait& operator=(const IoWait&) = delete;

    [[nodiscard]] bool await_ready() const noexcept { return false; }
    void complete(const abi::IoResult& result) noexcept final;

protected:
    explicit IoWait(abi::HostIo& host) noexcept : host_(&host) {}
    ~IoWait();
    void begin(std::coroutine_handle<> waiter) noexcept {
        waiter_ = waiter;
        pending_ = true;
    }
    // Copies what arrived while it is valid; the default keeps nothing.
    virtual void receive(abi::Bytes) noexcept {}

    abi::HostIo* host_;
    abi::IoResult result_;

private:
    std::coroutine_handle<> waiter_;
    bool pending_ = false;
};

}  // namespace detail

// A byte stream: TCP connection, Unix socket, serial line, connected UDP socket. Closing is destruction. Reads and writes
// may overlap each other, two reads or two writes may not. A stream must stay where it is while one of its tasks runs; closing
// it then ends the task with LinkError cancelled. Of a datagram longer than was asked for, the rest comes with the next read.
class Stream {
public:
    Stream() = default;
    Stream(Stream&& other) noexcept;
    Stream& operator=(Stream&& other) noexcept;
    ~Stream();

    [[nodiscard]] bool is_open() const noexcept { return handle_ != 0; }
    void close() noexcept;

    // At least one byte, at most into.size(); returns how many. The end of the stream is LinkError disconnected.
    Task<std::size_t> read_some(std::span<std::byte> into, Deadline deadline);
    // Fills `into`. What arrived before a timeout is lost: close the stream then.
    Task<void> read_exactly(std::span<std::byte> into, Deadline deadline);
    // Up to and without `end` (e.g. '\n'), which is eaten. More than `most` bytes without it is LinkError protocol.
    Task<std::string> read_line(char end, std::size_t most, Deadline deadline);
    // All of it. `bytes` must stay valid until the task ends. After a timeout the stream is closed: nobody knows what went out.
    Task<void> write(std::span<const std::byte> bytes, Deadline deadline);
    Task<void> write(std::string_view text, Deadline deadline);
    // All of the parts, in order, in one gather.
    Task<void> write(std::span<const std::span<const std::byte>> parts, Deadline deadline);

    // Throws away what has been received beyond what was read. Bytes still under way will come: where a late reply can
    // do harm (request-reply protocols without numbers), close the stream instead.
    void discard_buffered() noexcept {
        buffer_.clear();
        taken_ = 0;
    }

    // uid, pid and address of the other end.
    [[nodiscard]] abi::PeerInfo peer() const noexcept;
    // "tcp://10.0.0.5:502", for sentences.
    [[nodiscard]] const std::string& endpoint() const noexcept { return endpoint_; }

private:
    friend class Io;
    friend class Listener;
    Stream(abi::HostIo& host, abi::Handle handle, std::string endpoint) noexcept;

    [[nodiscard]] std::size_t take_buffered(std::span<std::byte> into) noexcept;
    void require_open() const;
    Task<void> write_parts(std::span<const abi::Bytes> parts, Deadline deadline);

    abi::HostIo* host_ = nullptr;
    abi::Handle handle_ = 0;
    std::string endpoint_;
    std::string buffer_;  // received beyond what was asked for
    std::size_t taken_ = 0;  // how much of it has been read
};

// Waits for incoming streams. Closing is destruction.
class Listener {
public:
    Listener() = default;
    Listener(Listener&& other) noexcept;
    Listener& operator=(Listener&& other) noexcept;
    ~Listener();

    Task<Stream> accept(Deadline deadline);
    // As a URL with the real port: "tcp://127.0.0.1:40123".
    [[nodiscard]] std::string address() const;
    void close() noexcept;

private:
    friend class Io;
    Listener(abi::HostIo& host, abi::Handle handle) noexcept : host_(&host), handle_(handle) {}
    abi::HostIo* host_ = nullptr;
    abi::Handle handle_ = 0;
};

enum class Severity : std::uint32_t { debug = 0, info = 1, warning = 2, error = 3 };

// Cheap to copy; valid as long as the plugin's instance.
class Io {
public:
    explicit Io(abi::HostIo& host) noexcept : host_(&host) {}

    // Endpoints: tcp://HOST:PORT (or HOST:PORT), unix:PATH, udp://HOST:PORT, serial:/dev/NAME?baud=19200&parity=even.
    [[nodiscard]] Task<Stream> connect(std::string endpoint, Deadline deadline) const;
    [[nodiscard]] Task<Listener> listen(std::string endpoint) const;
    [[nodiscard]] Task<void> sleep_until(MonotonicTime time) const;

    [[nodiscard]] MonotonicTime now() const noexcept { return monotonic_from_ns(host_->monotonic_ns()); }
    [[nodiscard]] UtcTime utc_now() const noexcept { return utc_from_ns(host_->utc_ns()); }
    [[nodiscard]] Deadline in(Duration duration) const noexcept { return now() + duration; }
    [[nodiscard]] std::uint64_t random() const noexcept { return host_->random(); }
    // English, one line; control characters are escaped by the host.
    void log(Severity severity, std::string_view message) const noexcept {
        host_->log(static_cast<std::uint32_t>(severity), abi::text(message));
    }

    [[nodiscard]] abi::HostIo& host() const noexcept { return *host_; }

private:
    abi::HostIo* host_;
};

}  // namespace penstock
