#pragma once

// The inside of AsioIo: its waits, its handles, and the queue of waits that are over. One strand.
//
// Every wait ends in one of two ways: complete_now(), from an event of the loop, or finish(), which delivers in a later turn
// of the loop because the guest's starting call may still be on the stack.

#include <atomic>
#include <cstdint>
#include <deque>
#include <memory>
#include <string>
#include <vector>

#include <penstock/abi/io.hpp>
#include <penstock/result.hpp>

#include "core/base/asio_access.hpp"
#include "core/base/endpoint.hpp"
#include "core/base/log_limiter.hpp"
#include "core/base/unique_fd.hpp"

namespace penstock::base {

class IoChannel;
class IoCore;
class IoOpening;

enum class WaitKind : std::uint8_t { open, accept, read, write, sleep };

// One wait of the guest. Its timer is its deadline. Records are used again and never move.
struct IoWait final : Timer {
    explicit IoWait(IoCore& owner) noexcept : core(owner) {}
    void on_timer() noexcept override;

    IoCore& core;
    abi::Completion* waiter = nullptr;  // null: free, or withdrawn while it lay in the queue
    std::shared_ptr<IoChannel> channel;  // accept, read, write
    std::shared_ptr<IoOpening> opening;  // open, also for listen
    std::uint64_t most = 0;              // read
    abi::IoResult result;
    std::uint32_t active_index = 0;
    WaitKind kind = WaitKind::sleep;
    bool is_ready = false;  // in the queue
};

class IoCore : public std::enable_shared_from_this<IoCore> {
public:
    static constexpr std::size_t kMaxHandles = 4096;
    static constexpr std::size_t kMaxWaits = 16'384;

    IoCore(IoThread& thread, std::string instance);
    ~IoCore();

    void open(std::string_view endpoint, bool is_listener, std::int64_t deadline_ns, abi::Completion& waiter);
    void accept(abi::Handle listener, std::int64_t deadline_ns, abi::Completion& waiter);
    void read(abi::Handle handle, std::uint64_t most, std::int64_t deadline_ns, abi::Completion& waiter);
    void write(abi::Handle handle, const abi::Bytes* parts, std::uint32_t part_count, std::int64_t deadline_ns,
               abi::Completion& waiter);
    void sleep_until(std::int64_t monotonic_ns, abi::Completion& waiter);
    void withdraw(abi::Completion& waiter) noexcept;
    void close(abi::Handle handle) noexcept;
    void stop() noexcept;
    void shut() noexcept;  // everything ends without a call-back

    [[nodiscard]] IoChannel* find(abi::Handle handle) noexcept;
    [[nodiscard]] bool is_stopped() const noexcept { return is_stopped_; }
    [[nodiscard]] IoThread& thread() noexcept { return thread_; }
    [[nodiscard]] IoThread::Loop& loop() noexcept { return thread_.loop(); }
    [[nodiscard]] LogLimiter& log() noexcept { return log_; }

    // For channels and openings.
    void finish(IoWait& wait, ErrorCode code, int system_error = 0);
    void finish_done(IoWait& wait, std::uint64_t value);
    void complete_now(IoWait& wait, const abi::IoResult& result) noexcept;
    // A handle for the stream or listener; 0 if there are too many (the channel is then gone).
    [[nodiscard]] abi::Handle adopt(UniqueFd fd, const Endpoint& endpoint, bool is_listener);
    void timed_out(IoWait& wait) noexcept;

private:
    struct Slot {
        std::shared_ptr<IoChannel> channel;
        std::uint16_t generation = 0;
    };

    // A record for a new wait; null if the guest was stopped (the wait is parked).
    [[nodiscard]] IoWait* begin(WaitKind kind, std::int64_t deadline_ns, abi::Completion& waiter);
    // The same on an open channel of the right sort; null also if the wait is over already.
    [[nodiscard]] IoWait* begin_on_channel(WaitKind kind, abi::Handle handle, std::int64_t deadline_ns,
                                           abi::Completion& waiter);
    void queue(IoWait& wait);
    void deliver() noexcept;
    void detach(IoWait& wait) noexcept;  // from its channel or opening
    void release(IoWait& wait) noexcept;

    IoThread& thread_;
    LogLimiter log_;
    std::deque<IoWait> waits_;
    std::vector<IoWait*> free_;
    std::vector<IoWait*> active_;
    std::deque<IoWait*> ready_;
    std::vector<Slot> slots_;
    bool is_delivery_posted_ = false;
    bool is_stopped_ = false;
    bool is_shut_ = false;
};

}  // namespace penstock::base
