#include <penstock/io.hpp>

#include <utility>

#include "io_failure.hpp"
#include "io_waits.hpp"

namespace penstock {
namespace detail {

IoWait::~IoWait() {
    if (pending_) host_->withdraw(*this);
}

void IoWait::complete(const abi::IoResult& result) noexcept {
    pending_ = false;
    result_ = result;
    if (result.code == 0 && result.data.size != 0) receive(result.data);
    result_.data = {};      // valid during this call only
    const auto waiter = waiter_;
    waiter.resume();  // may destroy *this
}

}  // namespace detail

namespace {

using detail::failed;
using detail::IoFailure;

// HOST:PORT is short for tcp://HOST:PORT.
std::string with_scheme(std::string endpoint) {
    const bool has_scheme =
        endpoint.find("://") != std::string::npos || endpoint.starts_with("unix:") || endpoint.starts_with("serial:");
    return has_scheme ? std::move(endpoint) : "tcp://" + endpoint;
}

}  // namespace

Task<Stream> Io::connect(std::string endpoint, Deadline deadline) const {
    auto* const host = host_;  // this Io may be a temporary
    endpoint = with_scheme(std::move(endpoint));
    const auto started = host->monotonic_ns();
    detail::OpenWait wait(*host, endpoint, deadline);
    const auto result = co_await wait;
    if (failed(result))
        detail::throw_failure(result, IoFailure(endpoint, "cannot connect", "no connection", started, deadline));
    co_return Stream(*host, static_cast<abi::Handle>(result.value), std::move(endpoint));
}

Task<Listener> Io::listen(std::string endpoint) const {
    auto* const host = host_;
    endpoint = with_scheme(std::move(endpoint));
    detail::ListenWait wait(*host, endpoint);
    const auto result = co_await wait;
    if (failed(result)) detail::throw_failure(result, IoFailure(endpoint, "cannot listen", "no listener", 0, Deadline{}));
    co_return Listener(*host, static_cast<abi::Handle>(result.value));
}

Task<void> Io::sleep_until(MonotonicTime time) const {
    detail::SleepWait wait(*host_, time);
    const auto result = co_await wait;
    if (failed(result)) detail::throw_failure(result, IoFailure("timer", "cannot wait", "no tick", 0, time));
}

Listener::Listener(Listener&& other) noexcept : host_(other.host_), handle_(std::exchange(other.handle_, 0)) {}

Listener& Listener::operator=(Listener&& other) noexcept {
    if (this == &other) return *this;
    close();
    host_ = other.host_;
    handle_ = std::exchange(other.handle_, 0);
    return *this;
}

Listener::~Listener() { close(); }

void Listener::close() noexcept {
    if (handle_ != 0) host_->close(std::exchange(handle_, 0));
}

std::string Listener::address() const { return handle_ == 0 ? std::string() : std::string(host_->address(handle_).view()); }

Task<Stream> Listener::accept(Deadline deadline) {
    if (handle_ == 0) throw LinkError(ErrorCode::disconnected, "the listener is closed");
    auto* const host = host_;
    const auto started = host->monotonic_ns();
    detail::AcceptWait wait(*host, handle_, deadline);
    const auto result = co_await wait;
    if (failed(result))
        detail::throw_failure(result, IoFailure(address(), "cannot accept", "nobody connected", started, deadline));
    const auto handle = static_cast<abi::Handle>(result.value);
    abi::PeerInfo peer{};
    const bool is_known = host->peer(handle, peer);
    co_return Stream(*host, handle, is_known ? detail::address_of(peer) : std::string("peer"));
}

}  // namespace penstock
