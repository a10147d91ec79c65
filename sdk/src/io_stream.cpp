#include <penstock/io.hpp>

#include <utility>
#include <vector>

#include "io_failure.hpp"
#include "io_waits.hpp"

namespace penstock {
namespace {

using detail::failed;
using detail::IoFailure;

constexpr auto kCancelled = static_cast<std::int32_t>(ErrorCode::cancelled);

// A cancelled wait may be the sign that its Stream is gone, so nothing of the stream is touched any more.
void pass_on_cancellation(const abi::IoResult& result) {
    if (result.code == kCancelled)
        throw LinkError(Error(ErrorCode::cancelled, "the wait was cancelled: the stream was closed or the host is stopping"));
}

std::string missing_bytes(std::size_t found, std::size_t wanted) {
    if (found == 0) return "no answer (wanted " + std::to_string(wanted) + " bytes)";
    return "found " + std::to_string(found) + " bytes, wanted " + std::to_string(wanted);
}

}  // namespace

Stream::Stream(abi::HostIo& host, abi::Handle handle, std::string endpoint) noexcept
    : host_(&host), handle_(handle), endpoint_(std::move(endpoint)) {}

Stream::Stream(Stream&& other) noexcept
    : host_(other.host_),
      handle_(std::exchange(other.handle_, 0)),
      endpoint_(std::move(other.endpoint_)),
      buffer_(std::move(other.buffer_)),
      taken_(std::exchange(other.taken_, 0)) {}

Stream& Stream::operator=(Stream&& other) noexcept {
    if (this == &other) return *this;
    close();
    host_ = other.host_;
    handle_ = std::exchange(other.handle_, 0);
    endpoint_ = std::move(other.endpoint_);
    buffer_ = std::move(other.buffer_);
    taken_ = std::exchange(other.taken_, 0);
    return *this;
}

Stream::~Stream() { close(); }

void Stream::close() noexcept {
    discard_buffered();
    if (handle_ != 0) host_->close(std::exchange(handle_, 0));
}

std::size_t Stream::take_buffered(std::span<std::byte> into) noexcept {
    const auto size = std::min(into.size(), buffer_.size() - taken_);
    if (size == 0) return 0;
    std::memcpy(into.data(), buffer_.data() + taken_, size);
    taken_ += size;
    if (taken_ == buffer_.size()) discard_buffered();
    return size;
}

void Stream::require_open() const {
    if (handle_ == 0) throw LinkError(Error(ErrorCode::disconnected, "the stream is closed", endpoint_, true));
}

Task<std::size_t> Stream::read_some(std::span<std::byte> into, Deadline deadline) {
    require_open();
    const auto buffered = take_buffered(into);
    if (buffered != 0 || into.empty()) co_return buffered;
    const auto started = host_->monotonic_ns();
    detail::ReadWait wait(*host_, handle_, into, buffer_, deadline);
    const auto result = co_await wait;
    pass_on_cancellation(result);
    if (failed(result)) detail::throw_failure(result, IoFailure(endpoint_, "cannot read", "no answer", started, deadline));
    co_return wait.filled();
}

Task<void> Stream::read_exactly(std::span<std::byte> into, Deadline deadline) {
    require_open();
    const auto started = host_->monotonic_ns();
    auto filled = take_buffered(into);
    while (filled < into.size()) {
        detail::ReadWait wait(*host_, handle_, into.subspan(filled), buffer_, deadline);
        const auto result = co_await wait;
        pass_on_cancellation(result);
        if (failed(result)) {
            const auto found = missing_bytes(filled, into.size());
            detail::throw_failure(result, IoFailure(endpoint_, found, found, started, deadline));
        }
        filled += wait.filled();
    }
}

Task<std::string> Stream::read_line(char end, std::size_t most, Deadline deadline) {
    require_open();
    const auto started = host_->monotonic_ns();
    std::size_t scanned = 0;
    while (true) {
        const auto place = buffer_.find(end, taken_ + scanned);
        const auto length = (place == std::string::npos ? buffer_.size() : place) - taken_;
        if (length > most) {
            throw LinkError(
                Error(ErrorCode::protocol, "found a line of more than " + std::to_string(most) + " bytes", endpoint_, true));
        }
        if (place != std::string::npos) {
            auto line = buffer_.substr(taken_, length);
            taken_ += length + 1;
            if (taken_ == buffer_.size()) discard_buffered();
            co_return line;
        }
        scanned = length;
        detail::ReadWait wait(*host_, handle_, {}, buffer_, deadline);
        const auto result = co_await wait;
        pass_on_cancellation(result);
        if (failed(result)) {
            const auto found =
                scanned == 0 ? std::string("no answer") : "found " + std::to_string(scanned) + " bytes, no end of line";
            detail::throw_failure(result, IoFailure(endpoint_, found, found, started, deadline));
        }
    }
}

// `parts` stay valid: they lie in the caller's frame, which waits for this task.
Task<void> Stream::write_parts(std::span<const abi::Bytes> parts, Deadline deadline) {
    require_open();
    const auto started = host_->monotonic_ns();
    detail::WriteWait wait(*host_, handle_, parts, deadline);
    const auto result = co_await wait;
    pass_on_cancellation(result);
    if (!failed(result)) co_return;
    const auto endpoint = endpoint_;
    close();  // nobody knows what went out
    detail::throw_failure(result, IoFailure(endpoint, "cannot write", "the bytes were not taken", started, deadline));
}

Task<void> Stream::write(std::span<const std::byte> bytes, Deadline deadline) {
    const abi::Bytes part{bytes.data(), bytes.size()};
    co_await write_parts(std::span(&part, 1), deadline);
}

Task<void> Stream::write(std::string_view text, Deadline deadline) {
    const abi::Bytes part{reinterpret_cast<const std::byte*>(text.data()), text.size()};
    co_await write_parts(std::span(&part, 1), deadline);
}

Task<void> Stream::write(std::span<const std::span<const std::byte>> parts, Deadline deadline) {
    std::vector<abi::Bytes> plain;
    plain.reserve(parts.size());
    for (const auto part : parts) plain.push_back({part.data(), part.size()});
    co_await write_parts(plain, deadline);
}

abi::PeerInfo Stream::peer() const noexcept {
    abi::PeerInfo info{};
    info.user_id = -1;
    info.process_id = -1;
    if (handle_ != 0) host_->peer(handle_, info);
    return info;
}

}  // namespace penstock
