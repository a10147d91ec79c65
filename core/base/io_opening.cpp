#include "core/base/io_opening.hpp"

#include <cerrno>
#include <utility>

namespace penstock::base {

using boost::system::error_code;

IoOpening::IoOpening(IoCore& core, IoWait& wait, Endpoint endpoint, bool is_listener, MonotonicTime deadline)
    : core_(core),
      wait_(wait),
      endpoint_(std::move(endpoint)),
      deadline_(deadline),
      connecting_(core.loop().context),
      is_listener_(is_listener) {}

IoOpening::~IoOpening() { core_.thread().disarm(*this); }

void IoOpening::start() {
    switch (endpoint_.kind) {
        case EndpointKind::serial:
            if (is_listener_) return core_.finish(wait_, ErrorCode::unsupported);
            return opened(open_serial(endpoint_));
        case EndpointKind::unix_socket:
            if (is_listener_) return opened(listen_unix(endpoint_.path));
            return with_addresses({unix_address(endpoint_.path)});
        case EndpointKind::udp:
            if (is_listener_) return core_.finish(wait_, ErrorCode::unsupported);
            break;
        case EndpointKind::tcp: break;
    }
    if (auto numeric = numeric_address(endpoint_.host, endpoint_.port); !numeric.empty())
        return with_addresses(std::move(numeric));
    // The lookup is cancelled with this object, so `this` is alive in the call-back.
    lookup_ = core_.loop().resolver.resolve(endpoint_.host, endpoint_.port, core_.thread(), [this](auto result) {
        if (result) return with_addresses(std::move(*result));
        core_.log().log(2, result.error().text(), core_.thread().now().monotonic);
        core_.finish(wait_, result.error().code());
    });
}

void IoOpening::with_addresses(std::vector<SocketAddress> addresses) {
    addresses_ = std::move(addresses);
    if (is_listener_) return listen(addresses_.front());
    try_next_address();
}

void IoOpening::try_next_address() {
    const auto self = shared_from_this();  // finish() lets go of us
    const auto attempt = ++attempt_;
    auto result = start_connect(endpoint_.kind, addresses_[next_address_]);
    if (result.error == 0) return opened(std::move(result));
    if (result.error != EINPROGRESS) return attempt_failed(result.error);
    error_code error;
    connecting_.assign(result.fd.get(), error);
    if (error) return attempt_failed(error.value());
    static_cast<void>(result.fd.release());
    connecting_.async_wait(boost::asio::posix::descriptor_base::wait_write,
                           [weak = weak_from_this(), attempt](const error_code& failed) {
                               const auto opening = weak.lock();
                               if (!failed && opening) opening->on_writable(attempt);
                           });
    const auto addresses_left = static_cast<std::int64_t>(addresses_.size() - next_address_);
    if (addresses_left == 1) return;  // the wait's own deadline is enough
    const auto now = core_.thread().now().monotonic;
    core_.thread().arm(*this, now + (deadline_ - now) / addresses_left);
}

void IoOpening::on_timer() noexcept {
    if (connecting_.is_open())
        attempt_failed(ETIMEDOUT);
    else
        try_next_address();
}

void IoOpening::on_writable(std::uint32_t attempt) {
    if (attempt != attempt_) return;
    const int error = finish_connect(connecting_.native_handle());
    if (error != 0) return attempt_failed(error);
    opened({UniqueFd(connecting_.release()), 0});
}

void IoOpening::attempt_failed(int error) {
    const auto self = shared_from_this();
    ++attempt_;
    last_error_ = error;
    error_code ignored;
    connecting_.close(ignored);
    const bool is_busy = error == EAGAIN;  // a Unix listener whose backlog is full
    if (!is_busy && ++next_address_ == addresses_.size()) return core_.finish(wait_, to_error_code(last_error_), last_error_);
    core_.thread().arm(*this, core_.thread().now().monotonic + (is_busy ? 10ms : 0ms));
}

void IoOpening::listen(const SocketAddress& address) { opened(listen_tcp(address)); }

void IoOpening::opened(OpenedFd result) {
    const auto self = shared_from_this();
    if (result.error != 0) return core_.finish(wait_, to_error_code(result.error), result.error);
    const auto handle = core_.adopt(std::move(result.fd), endpoint_, is_listener_);
    if (handle == 0) return core_.finish(wait_, ErrorCode::unavailable);
    core_.finish_done(wait_, handle);
}

}  // namespace penstock::base
