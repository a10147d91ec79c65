#include "core/base/io_channel.hpp"

#include <algorithm>
#include <cerrno>
#include <utility>

#include <sys/socket.h>

#include "core/base/sockets.hpp"

namespace penstock::base {
namespace {

using boost::asio::posix::descriptor_base;
using boost::system::error_code;

constexpr std::uint64_t kMaxRead = std::uint64_t{64} * 1024;
constexpr std::size_t kMaxPartsPerCall = 1024;  // IOV_MAX of Linux

bool is_shortage(int error) noexcept { return error == EMFILE || error == ENFILE || error == ENOBUFS || error == ENOMEM; }
bool must_wait(int error) noexcept { return error == EAGAIN || error == EWOULDBLOCK; }

ssize_t receive_some(int fd, EndpointKind kind, std::byte* into, std::size_t most) noexcept {
    for (;;) {
        const auto count = kind == EndpointKind::serial ? ::read(fd, into, most) : ::recv(fd, into, most, 0);
        if (count >= 0 || errno != EINTR) return count;
    }
}

ssize_t send_some(int fd, EndpointKind kind, iovec* parts, std::size_t count) noexcept {
    msghdr message{};
    message.msg_iov = parts;
    message.msg_iovlen = std::min(count, kMaxPartsPerCall);
    for (;;) {
        const auto sent = kind == EndpointKind::serial ? ::writev(fd, parts, static_cast<int>(message.msg_iovlen))
                                                       : ::sendmsg(fd, &message, MSG_NOSIGNAL);
        if (sent >= 0 || errno != EINTR) return sent;
    }
}

}  // namespace

struct IoChannel::OnReadable {
    std::shared_ptr<IoChannel> channel;
    using allocator_type = HandlerAllocator<std::byte>;
    [[nodiscard]] allocator_type get_allocator() const noexcept { return allocator_type(channel->read_memory_); }
    void operator()(const error_code& error) const {
        if (!error) channel->on_readable();
    }
};

struct IoChannel::OnWritable {
    std::shared_ptr<IoChannel> channel;
    using allocator_type = HandlerAllocator<std::byte>;
    [[nodiscard]] allocator_type get_allocator() const noexcept { return allocator_type(channel->write_memory_); }
    void operator()(const error_code& error) const {
        if (!error && channel->writer_ != nullptr) channel->send();
    }
};

IoChannel::IoChannel(IoCore& core, const Endpoint& endpoint, bool is_listener)
    : core_(&core), descriptor_(core.loop().context), endpoint_(endpoint), is_listener_(is_listener) {}

int IoChannel::assign(UniqueFd fd) {
    error_code error;
    descriptor_.assign(fd.get(), error);
    if (error) return error.value();
    static_cast<void>(fd.release());
    if (is_listener_) address_ = endpoint_.kind == EndpointKind::tcp ? local_url(this->fd()) : "unix:" + endpoint_.path;
    return 0;
}

void IoChannel::start_read(IoWait& wait) {
    reader_ = &wait;
    arm_read();
}

// An earlier reader may have left its arming behind: it serves this one.
void IoChannel::arm_read() {
    if (std::exchange(is_read_armed_, true)) return;
    descriptor_.async_wait(descriptor_base::wait_read, OnReadable{shared_from_this()});
}

void IoChannel::arm_write() { descriptor_.async_wait(descriptor_base::wait_write, OnWritable{shared_from_this()}); }

void IoChannel::on_readable() {
    is_read_armed_ = false;
    if (reader_ == nullptr) return;
    if (is_listener_)
        accept();
    else
        receive();
}

void IoChannel::receive() {
    auto& buffer = core_->loop().read_buffer;
    const auto most = static_cast<std::size_t>(std::clamp<std::uint64_t>(reader_->most, 1, kMaxRead));
    const auto count = receive_some(fd(), endpoint_.kind, buffer.data(), most);
    const int error = count < 0 ? errno : 0;
    const bool is_empty_datagram = count == 0 && endpoint_.kind == EndpointKind::udp;
    if (must_wait(error) || is_empty_datagram) return arm_read();
    abi::IoResult result;
    if (count > 0) {
        result.value = static_cast<std::uint64_t>(count);
        result.data = {buffer.data(), result.value};
    } else {
        result.code = static_cast<std::int32_t>(count == 0 ? ErrorCode::disconnected : to_error_code(error));
        result.system_error = error;
    }
    core_->complete_now(*std::exchange(reader_, nullptr), result);
}

void IoChannel::accept() {
    auto accepted = accept_stream(fd());
    const int error = accepted.error;
    if (must_wait(error) || error == ECONNABORTED || error == EINTR) return arm_read();
    if (is_shortage(error)) return retry_accept_later();
    IoWait& wait = *std::exchange(reader_, nullptr);
    if (error != 0) return core_->finish(wait, to_error_code(error), error);
    const auto handle = core_->adopt(std::move(accepted.fd), endpoint_, false);
    if (handle == 0) return core_->finish(wait, ErrorCode::unavailable);
    core_->finish_done(wait, handle);
}

// No descriptors left: the connection waits in the backlog. Trying again at once would only burn the processor.
void IoChannel::retry_accept_later() {
    if (!retry_) {
        retry_.emplace(core_->thread(), [this] {
            if (reader_ != nullptr) arm_read();
        });
    }
    retry_->start(core_->thread().now().monotonic + 100ms);
}

void IoChannel::start_write(IoWait& wait, const abi::Bytes* parts, std::uint32_t part_count) {
    writer_ = &wait;
    rest_.clear();
    rest_begin_ = 0;
    written_ = 0;
    for (std::uint32_t i = 0; i < part_count; ++i) {
        if (parts[i].size == 0) continue;
        rest_.push_back({const_cast<std::byte*>(parts[i].data), static_cast<std::size_t>(parts[i].size)});
    }
    send();
}

void IoChannel::send() {
    while (rest_begin_ < rest_.size()) {
        const auto count = send_some(fd(), endpoint_.kind, &rest_[rest_begin_], rest_.size() - rest_begin_);
        if (count < 0 && must_wait(errno)) return arm_write();
        if (count < 0) {
            const int error = errno;
            return core_->finish(*std::exchange(writer_, nullptr), to_error_code(error), error);
        }
        sent(static_cast<std::size_t>(count));
    }
    core_->finish_done(*std::exchange(writer_, nullptr), written_);
}

void IoChannel::sent(std::size_t bytes) noexcept {
    written_ += bytes;
    while (bytes > 0) {
        auto& part = rest_[rest_begin_];
        const auto taken = std::min(bytes, part.iov_len);
        part.iov_base = static_cast<std::byte*>(part.iov_base) + taken;
        part.iov_len -= taken;
        bytes -= taken;
        if (part.iov_len == 0) ++rest_begin_;
    }
}

void IoChannel::close(ErrorCode code) noexcept {
    close_descriptor();
    if (reader_ != nullptr) core_->finish(*std::exchange(reader_, nullptr), code);
    if (writer_ != nullptr) core_->finish(*std::exchange(writer_, nullptr), code);
}

void IoChannel::break_off() noexcept {
    writer_ = nullptr;
    close_descriptor();
    if (reader_ != nullptr) core_->finish(*std::exchange(reader_, nullptr), ErrorCode::disconnected);
}

void IoChannel::shut() noexcept {
    reader_ = writer_ = nullptr;
    close_descriptor();
    core_ = nullptr;
}

void IoChannel::close_descriptor() noexcept {
    retry_.reset();
    if (!descriptor_.is_open()) return;
    if (is_listener_ && endpoint_.kind == EndpointKind::unix_socket) remove_socket_file(fd(), endpoint_.path);
    error_code ignored;
    descriptor_.close(ignored);
}

}  // namespace penstock::base
