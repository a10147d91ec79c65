#pragma once

// One open stream, datagram socket or listener of an AsioIo.
//
// Asio only tells when the descriptor is ready; the data move by plain calls at that moment. So a read that timed out or was
// withdrawn loses nothing (its bytes are still in the kernel), and no buffer is tied up while a stream is silent.

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <new>
#include <optional>
#include <string>
#include <vector>

#include <sys/uio.h>
#include <boost/asio/posix/stream_descriptor.hpp>

#include "core/base/io_core.hpp"

namespace penstock::base {

// Room for one Asio handler, used again and again: arming a wait allocates nothing.
class HandlerMemory {
public:
    [[nodiscard]] void* take(std::size_t size) {
        if (is_taken_ || size > sizeof room_) return ::operator new(size);
        is_taken_ = true;
        return room_.data();
    }
    void give_back(void* memory) noexcept {
        if (memory == room_.data())
            is_taken_ = false;
        else
            ::operator delete(memory);
    }

private:
    alignas(std::max_align_t) std::array<std::byte, 192> room_;
    bool is_taken_ = false;
};

template <class T>
struct HandlerAllocator {
    using value_type = T;
    explicit HandlerAllocator(HandlerMemory& memory) noexcept : memory_(&memory) {}
    template <class U>
    HandlerAllocator(const HandlerAllocator<U>& other) noexcept : memory_(other.memory_) {}
    [[nodiscard]] T* allocate(std::size_t count) { return static_cast<T*>(memory_->take(count * sizeof(T))); }
    void deallocate(T* memory, std::size_t) noexcept { memory_->give_back(memory); }
    bool operator==(const HandlerAllocator&) const = default;
    HandlerMemory* memory_;
};

class IoChannel : public std::enable_shared_from_this<IoChannel> {
public:
    IoChannel(IoCore& core, const Endpoint& endpoint, bool is_listener);

    // Takes the descriptor; 0, or the errno of registering it.
    [[nodiscard]] int assign(UniqueFd fd);

    void start_read(IoWait& wait);  // or accept
    void start_write(IoWait& wait, const abi::Bytes* parts, std::uint32_t part_count);
    void forget_reader() noexcept { reader_ = nullptr; }
    // The waits of a closed handle end with `code`; the descriptor is closed.
    void close(ErrorCode code) noexcept;
    // A write whose fate is unknown: the stream is of no use any more. The handle stays until the guest closes it.
    void break_off() noexcept;
    // The core goes away: nothing is called any more.
    void shut() noexcept;

    [[nodiscard]] bool has_reader() const noexcept { return reader_ != nullptr; }
    [[nodiscard]] bool has_writer() const noexcept { return writer_ != nullptr; }
    [[nodiscard]] bool is_listener() const noexcept { return is_listener_; }
    [[nodiscard]] bool is_open() const noexcept { return descriptor_.is_open(); }
    [[nodiscard]] int fd() noexcept { return descriptor_.native_handle(); }
    [[nodiscard]] const Endpoint& endpoint() const noexcept { return endpoint_; }
    [[nodiscard]] const std::string& address() const noexcept { return address_; }

private:
    struct OnReadable;
    struct OnWritable;

    void arm_read();
    void arm_write();
    void on_readable();
    void receive();
    void accept();
    void send();
    void sent(std::size_t bytes) noexcept;
    void retry_accept_later();
    void close_descriptor() noexcept;

    IoCore* core_;
    boost::asio::posix::stream_descriptor descriptor_;
    const Endpoint endpoint_;
    std::string address_;  // of a listener
    IoWait* reader_ = nullptr;
    IoWait* writer_ = nullptr;
    std::vector<iovec> rest_;  // what the writer has still to send
    std::size_t rest_begin_ = 0;
    std::uint64_t written_ = 0;
    std::optional<CallbackTimer> retry_;
    HandlerMemory read_memory_;
    HandlerMemory write_memory_;
    const bool is_listener_;
    bool is_read_armed_ = false;
};

}  // namespace penstock::base
