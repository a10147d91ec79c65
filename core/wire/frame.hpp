#pragma once

// Frames: what a transport moves. A message that is too big for one frame is split over several in a row; MessageAssembler
// puts them together. docs/protocol.md, "Frames", has the layout.

#include <array>
#include <cstdint>
#include <optional>

#include <penstock/operations.hpp>
#include <penstock/result.hpp>

#include "core/wire/buffer.hpp"

namespace penstock::wire {

inline constexpr std::uint8_t kFrameFormat = 1;
inline constexpr std::uint32_t kProtocolVersion = 1;  // HelloRequest::protocol

enum class FrameKind : std::uint8_t {
    request = 1,     // client: id = number of the request, body = the operation's request
    reply = 2,       // server: id = number of the request, body = the operation's reply
    error = 3,       // server: id = number of the request (0: the connection itself, which then closes), body = an error
    update = 4,      // server: id = stream, body = newest values
    stream_end = 5,  // server: id = stream, body = an error that says why
    credit = 6,      // client: id = stream, body = how many more updates it can take
    ping = 7,        // either side: answered by a pong with the same id
    pong = 8,
};

struct FrameHeader {
    FrameKind kind = FrameKind::request;
    bool more = false;  // the message goes on in the next frame, which has the same kind, id and operation
    std::uint64_t id = 0;
    OperationId operation{};  // of requests, replies and errors; else 0

    bool operator==(const FrameHeader&) const = default;
};

// An encoded header, ready to be sent before a body.
class HeaderBytes {
public:
    explicit HeaderBytes(const FrameHeader& header) noexcept;
    [[nodiscard]] Bytes bytes() const noexcept { return {bytes_.data(), size_}; }

private:
    std::array<std::byte, 16> bytes_{};
    std::size_t size_ = 0;
};

// The most that one frame carries beside its header.
inline constexpr std::size_t kMaxBodyBytes = kMaxFrameBytes - 16;

struct Frame {
    FrameHeader header;
    Bytes body;
};
// Splits a received frame. Error protocol for a format, kind or flag that this version does not know.
[[nodiscard]] Result<Frame> parse_frame(Bytes frame);

// Puts messages together. Allocates nothing for a message in one frame, and never more than twice what has arrived.
class MessageAssembler {
public:
    // The most that one message may have, in all its frames.
    explicit MessageAssembler(std::size_t most_bytes = kMaxMessageBytes) noexcept : most_bytes_(most_bytes) {}

    // Takes one frame. The message if it is complete: its body is valid until the next add() and as long as `frame`.
    // Error protocol: the connection is of no more use.
    [[nodiscard]] Result<std::optional<Frame>> add(Bytes frame);
    void set_most(std::size_t most_bytes) noexcept { most_bytes_ = most_bytes; }

private:
    std::size_t most_bytes_;
    FrameHeader pending_;
    bool is_pending_ = false;
    Buffer body_;
};

// Errors as bodies of error and stream_end frames.
void encode_error(const Error& error, Buffer& out);
[[nodiscard]] Result<Error> decode_error(Bytes bytes);

void encode_credit(std::uint64_t updates, Buffer& out);
[[nodiscard]] Result<std::uint64_t> decode_credit(Bytes bytes);

}  // namespace penstock::wire
