#pragma once

// HostIo on sockets and serial lines: what a plugin's Io is in production. One per plugin instance, on one IoThread.
//
// Limits (each finite): 4,096 handles and 16,384 waits an instance, 64 KiB a read, 1,024 parts a write; beyond, a wait fails
// with `unavailable`. Names are looked up on helper threads, 8 at a time an I/O thread, and a lookup that never
// ends holds up nothing but itself.

#include <atomic>
#include <cstdint>
#include <memory>
#include <string>

#include <penstock/abi/io.hpp>

#include "core/base/io_threads.hpp"

namespace penstock::base {

class IoCore;

class AsioIo final : public abi::HostIo {
public:
    // `instance` is its name in the log. [any-thread]
    AsioIo(IoThread& thread, std::string instance);
    // Closes everything without completing anything. On the strand, or after the thread was stopped.
    ~AsioIo();

    // Completes every wait with `cancelled`, closes all handles, and parks waits started later: they never complete, so a
    // guest that swallows the cancellation cannot spin. Stopping twice is fine. [strand]
    void stop() noexcept;
    [[nodiscard]] bool is_stopped() const noexcept;

    void open(abi::Text endpoint, std::int64_t deadline_ns, abi::Completion& waiter) noexcept override;
    void listen(abi::Text endpoint, abi::Completion& waiter) noexcept override;
    void accept(abi::Handle listener, std::int64_t deadline_ns, abi::Completion& waiter) noexcept override;
    void read(abi::Handle handle, std::uint64_t most, std::int64_t deadline_ns, abi::Completion& waiter) noexcept override;
    void write(abi::Handle handle, const abi::Bytes* parts, std::uint32_t part_count, std::int64_t deadline_ns,
               abi::Completion& waiter) noexcept override;
    void sleep_until(std::int64_t monotonic_ns, abi::Completion& waiter) noexcept override;
    void withdraw(abi::Completion& waiter) noexcept override;
    void close(abi::Handle handle) noexcept override;
    bool peer(abi::Handle handle, abi::PeerInfo& info) noexcept override;
    abi::Text address(abi::Handle handle) noexcept override;

    // These four also [any-thread]: a blocking driver calls them on its worker.
    std::int64_t monotonic_ns() noexcept override;
    std::int64_t utc_ns() noexcept override;
    std::uint64_t random() noexcept override;
    // At most 10 lines a second over time, 50 at once; how many were dropped is written with the next line.
    void log(std::uint32_t severity, abi::Text message) noexcept override;

private:
    std::shared_ptr<IoCore> core_;
    std::atomic<std::uint64_t> random_state_;
};

}  // namespace penstock::base
