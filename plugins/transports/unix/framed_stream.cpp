#include "framed_stream.hpp"

#include <algorithm>
#include <array>
#include <cstring>
#include <string>
#include <vector>

namespace penstock::unix_transport {
namespace {

constexpr std::size_t kLengthBytes = 4;

std::array<std::byte, kLengthBytes> encode_length(std::size_t size) noexcept {
    std::array<std::byte, kLengthBytes> bytes;
    for (auto& each : bytes) {
        each = static_cast<std::byte>(size & 0xFFU);
        size >>= 8U;
    }
    return bytes;
}

std::size_t decode_length(const std::byte* bytes) noexcept {
    std::size_t size = 0;
    for (std::size_t i = kLengthBytes; i-- > 0;) size = size << 8U | std::to_integer<std::size_t>(bytes[i]);
    return size;
}

void refuse_beyond_limit(std::size_t size) {
    if (size <= kMaxFrameBytes) return;
    throw LinkError(
        Error(ErrorCode::protocol, "a frame of " + std::to_string(size) + " bytes, at most " + std::to_string(kMaxFrameBytes)));
}

}  // namespace

std::span<std::byte> FrameBuffer::space() {
    if (end_ == capacity_) {
        const auto kept = end_ - begin_;
        const auto wanted = std::max(kLeastSpace, 2 * kept);
        // A buffer that one big frame has grown is given back once only small ones come.
        if (begin_ > 0 && kept < capacity_ / 2 && capacity_ <= 4 * kLeastSpace) {
            std::memmove(bytes_.get(), bytes_.get() + begin_, kept);
        } else {
            auto grown = std::make_unique_for_overwrite<std::byte[]>(wanted);
            if (kept > 0) std::memcpy(grown.get(), bytes_.get() + begin_, kept);
            bytes_ = std::move(grown);
            capacity_ = wanted;
        }
        begin_ = 0;
        end_ = kept;
    }
    return {bytes_.get() + end_, capacity_ - end_};
}

bool FrameBuffer::take(std::span<const std::byte>& frame) {
    const auto here = end_ - begin_;
    if (here < kLengthBytes) return false;
    const auto size = decode_length(bytes_.get() + begin_);
    refuse_beyond_limit(size);
    if (here - kLengthBytes < size) return false;
    frame = {bytes_.get() + begin_ + kLengthBytes, size};
    begin_ += kLengthBytes + size;
    if (begin_ == end_) begin_ = end_ = 0;
    return true;
}

Task<void> FramedStream::send(std::span<const std::span<const std::byte>> parts, Deadline deadline) {
    std::size_t size = 0;
    for (const auto part : parts) size += part.size();
    refuse_beyond_limit(size);
    const auto length = encode_length(size);
    std::vector<std::span<const std::byte>> all;
    all.reserve(parts.size() + 1);
    all.emplace_back(length);
    for (const auto part : parts) {
        if (!part.empty()) all.push_back(part);
    }
    const std::span<const std::span<const std::byte>> gathered(all);
    co_await stream_.write(gathered, deadline);
}

Task<std::span<const std::byte>> FramedStream::receive(Deadline deadline) {
    std::span<const std::byte> frame;
    while (true) {
        if (received_.take(frame)) co_return frame;
        const auto space = received_.space();
        const auto size = co_await stream_.read_some(space, deadline);
        received_.arrived(size);
    }
}

PeerIdentity FramedStream::peer() const {
    const auto info = stream_.peer();
    PeerIdentity peer;
    if (info.user_id >= 0) peer.user_id = static_cast<std::uint32_t>(info.user_id);
    if (info.process_id >= 0) {
        peer.process_id = static_cast<std::int32_t>(info.process_id);
        peer.address = "pid " + std::to_string(info.process_id);
    }
    return peer;
}

}  // namespace penstock::unix_transport
