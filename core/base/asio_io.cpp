#include "core/base/asio_io.hpp"

#include <limits>
#include <utility>

#include <sys/random.h>

#include "core/base/io_channel.hpp"
#include "core/base/io_core.hpp"
#include "core/base/sockets.hpp"

namespace penstock::base {
namespace {

constexpr Duration kListenDeadline = 10s;  // only a host name takes any time

std::uint64_t random_seed() noexcept {
    std::uint64_t seed = 0;
    if (::getrandom(&seed, sizeof seed, 0) != sizeof seed) seed = reinterpret_cast<std::uintptr_t>(&seed);
    return seed;
}

}  // namespace

AsioIo::AsioIo(IoThread& thread, std::string instance)
    : core_(std::make_shared<IoCore>(thread, std::move(instance))), random_state_(random_seed()) {}

AsioIo::~AsioIo() { core_->shut(); }

void AsioIo::stop() noexcept { core_->stop(); }
bool AsioIo::is_stopped() const noexcept { return core_->is_stopped(); }

void AsioIo::open(abi::Text endpoint, std::int64_t deadline_ns, abi::Completion& waiter) noexcept {
    core_->open(endpoint.view(), false, deadline_ns, waiter);
}

void AsioIo::listen(abi::Text endpoint, abi::Completion& waiter) noexcept {
    core_->open(endpoint.view(), true, monotonic_ns() + kListenDeadline.count(), waiter);
}

void AsioIo::accept(abi::Handle listener, std::int64_t deadline_ns, abi::Completion& waiter) noexcept {
    core_->accept(listener, deadline_ns, waiter);
}

void AsioIo::read(abi::Handle handle, std::uint64_t most, std::int64_t deadline_ns, abi::Completion& waiter) noexcept {
    core_->read(handle, most, deadline_ns, waiter);
}

void AsioIo::write(abi::Handle handle, const abi::Bytes* parts, std::uint32_t part_count, std::int64_t deadline_ns,
                   abi::Completion& waiter) noexcept {
    core_->write(handle, parts, part_count, deadline_ns, waiter);
}

void AsioIo::sleep_until(std::int64_t monotonic_ns, abi::Completion& waiter) noexcept {
    core_->sleep_until(monotonic_ns, waiter);
}
void AsioIo::withdraw(abi::Completion& waiter) noexcept { core_->withdraw(waiter); }
void AsioIo::close(abi::Handle handle) noexcept { core_->close(handle); }

bool AsioIo::peer(abi::Handle handle, abi::PeerInfo& info) noexcept {
    IoChannel* channel = core_->find(handle);
    if (channel == nullptr) return false;
    read_peer(channel->fd(), info);
    if (channel->endpoint().kind != EndpointKind::serial) return true;
    const auto& path = channel->endpoint().path;
    info.address_size = static_cast<std::uint32_t>(path.copy(info.address, sizeof info.address));
    return true;
}

abi::Text AsioIo::address(abi::Handle handle) noexcept {
    IoChannel* channel = core_->find(handle);
    return channel == nullptr ? abi::Text{nullptr, 0} : abi::text(channel->address());
}

std::int64_t AsioIo::monotonic_ns() noexcept { return to_ns(core_->thread().now().monotonic); }
std::int64_t AsioIo::utc_ns() noexcept { return to_ns(core_->thread().now().utc); }

// SplitMix64: a counter and a mixer, so that any thread may draw.
std::uint64_t AsioIo::random() noexcept {
    std::uint64_t x = random_state_.fetch_add(0x9E37'79B9'7F4A'7C15, std::memory_order_relaxed);
    x = (x ^ (x >> 30U)) * 0xBF58'476D'1CE4'E5B9;
    x = (x ^ (x >> 27U)) * 0x94D0'49BB'1331'11EB;
    return x ^ (x >> 31U);
}

void AsioIo::log(std::uint32_t severity, abi::Text message) noexcept {
    core_->log().log(severity, message.view(), core_->thread().now().monotonic);
}

}  // namespace penstock::base
