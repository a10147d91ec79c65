#pragma once

// One Modbus TCP connection: sends a request, finds its reply.

#include <cstdint>
#include <string>
#include <vector>

#include <penstock/io.hpp>

#include "protocol.hpp"

namespace penstock::modbus {

// What came back for one request. The data is valid until the next exchange.
struct Answer {
    enum class Kind : std::uint8_t { data, exception, implausible };
    Kind kind = Kind::data;
    std::uint8_t exception = 0;
    std::span<const std::byte> data;
    std::string sentence;  // of an implausible reply
};

class Connection {
public:
    Connection(Io io, std::string endpoint) : io_(io), endpoint_(std::move(endpoint)) {}

    Task<void> open(Deadline deadline);
    void close() noexcept;

    // The next request's transaction number. Replies to older ones are recognised by theirs and dropped, so a late or repeated
    // reply can never pass for the present one.
    [[nodiscard]] std::uint16_t next_transaction() noexcept { return ++transaction_; }

    // Sends the request and waits for its reply. A reply that is whole but makes no sense is an answer (implausible): the stream is
    // still in step, and the next request may fare better. Throws LinkError: timeout (still in step: nothing of a partly received reply
    // is lost), disconnected, protocol (out of step: close).
    Task<Answer> exchange(Frame request, Deadline deadline);

    // Replies that nobody waited for any more.
    [[nodiscard]] std::uint64_t stale_replies() const noexcept { return stale_replies_; }

private:
    Task<void> fill(std::size_t wanted, Deadline deadline);
    void drop_front() noexcept;

    Io io_;
    std::string endpoint_;
    Stream stream_;
    std::array<std::byte, 4 * (kHeaderBytes + kMaxPduBytes)> received_;
    std::size_t received_size_ = 0;
    std::size_t front_size_ = 0;  // the frame that the last Answer points into
    std::uint16_t transaction_ = 0;
    std::uint64_t stale_replies_ = 0;
};

}  // namespace penstock::modbus
