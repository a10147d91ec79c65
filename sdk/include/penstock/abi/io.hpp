#pragma once

// The host's input and output, as a plugin's instance gets it. Plugin authors use io.hpp.

#include <penstock/abi/plain.hpp>

namespace penstock::abi {

using Handle = std::uint32_t;  // of one instance; 0 is none

// Who is at the other end of a stream.
struct PeerInfo final {
    std::int64_t user_id;     // Unix sockets: the peer's effective uid (SO_PEERCRED); else -1
    std::int64_t process_id;  // Unix sockets: its pid; else -1
    std::uint32_t address_size;
    char address[252];  // "127.0.0.1:40312", "unix", "/dev/ttyS0"
};

// All functions: [strand], called on the instance's strand only. Deadlines are monotonic nanoseconds and finite.
struct HostIo {
    // Opens a stream: tcp://HOST:PORT, unix:PATH, udp://HOST:PORT (each write a datagram, each read one),
    // serial:/dev/NAME?baud=19200&parity=none|even|odd&stop=1|2. result.value = handle.
    virtual void open(Text endpoint, std::int64_t deadline_ns, Completion&) noexcept = 0;
    // Opens a listener (tcp, unix). result.value = handle; address() then tells the real port. Immediate failures
    // (address in use) also arrive by completion.
    virtual void listen(Text endpoint, Completion&) noexcept = 0;
    // The next incoming stream of a listener. result.value = handle.
    virtual void accept(Handle listener, std::int64_t deadline_ns, Completion&) noexcept = 0;
    // At least 1, at most `most` bytes (64 KiB a call whatever `most` says); result.data holds them. End of stream is
    // `disconnected`. One read at a time per handle. A timed-out or withdrawn read loses nothing: bytes wait for the next.
    virtual void read(Handle, std::uint64_t most, std::int64_t deadline_ns, Completion&) noexcept = 0;
    // All of the parts, in order, in one gather. The host may keep pointers into the parts until completion; a withdrawn
    // or timed-out write closes the stream, since nobody can know what went out. One write at a time per handle.
    virtual void write(Handle, const Bytes* parts, std::uint32_t part_count, std::int64_t deadline_ns,
                       Completion&) noexcept = 0;
    virtual void sleep_until(std::int64_t monotonic_ns, Completion&) noexcept = 0;
    // The wait will not complete any more. Nothing happens if it has completed already.
    virtual void withdraw(Completion&) noexcept = 0;
    virtual void close(Handle) noexcept = 0;  // its waits complete with `cancelled`

    // Sizes of what can be asked without waiting. false: no such handle.
    virtual bool peer(Handle, PeerInfo&) noexcept = 0;
    // Where a listener listens, as a URL with the real port. Valid until the handle is closed.
    virtual Text address(Handle) noexcept = 0;

    virtual std::int64_t monotonic_ns() noexcept = 0;
    virtual std::int64_t utc_ns() noexcept = 0;
    // Evenly distributed; deterministic under the test kit.
    virtual std::uint64_t random() noexcept = 0;
    // 0 debug, 1 info, 2 warning, 3 error. English. Rate-limited by the host, which counts what it drops.
    virtual void log(std::uint32_t severity, Text message) noexcept = 0;

protected:
    ~HostIo() = default;
};

}  // namespace penstock::abi
