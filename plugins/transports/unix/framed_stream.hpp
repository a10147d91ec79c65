#pragma once

// Frames on a byte stream: each is its length, 4 bytes little endian, and that many bytes.

#include <cstdint>
#include <memory>
#include <span>

#include <penstock/io.hpp>
#include <penstock/transport.hpp>

namespace penstock::unix_transport {

// Bytes as they arrive, and the frames in them. Allocates at most twice what has arrived (64 KiB at least), whatever a length says.
class FrameBuffer {
public:
    // Where the next bytes go, at least one.
    [[nodiscard]] std::span<std::byte> space();
    void arrived(std::size_t bytes) noexcept { end_ += bytes; }

    // Drops the frame that was taken last and takes the next one, if it is there as a whole: valid until the next space() or take().
    // False: more bytes are needed. Throws LinkError protocol for a frame beyond kMaxFrameBytes.
    [[nodiscard]] bool take(std::span<const std::byte>& frame);

private:
    static constexpr std::size_t kLeastSpace = 64 * 1024;

    std::unique_ptr<std::byte[]> bytes_;
    std::size_t capacity_ = 0;
    std::size_t begin_ = 0;  // of the frame that is awaited
    std::size_t end_ = 0;
};

class FramedStream final : public Connection {
public:
    explicit FramedStream(Stream stream) noexcept : stream_(std::move(stream)) {}

    Task<void> send(std::span<const std::span<const std::byte>> parts, Deadline deadline) override;
    Task<std::span<const std::byte>> receive(Deadline deadline) override;
    [[nodiscard]] PeerIdentity peer() const override;

private:
    Stream stream_;
    FrameBuffer received_;
};

}  // namespace penstock::unix_transport
