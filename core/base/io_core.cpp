#include "core/base/io_core.hpp"

#include <algorithm>
#include <cassert>
#include <utility>

#include <boost/asio/post.hpp>

#include "core/base/io_channel.hpp"
#include "core/base/io_opening.hpp"

namespace penstock::base {
namespace {

constexpr std::uint32_t kMaxParts = 1024;

std::int32_t to_code(ErrorCode code) noexcept { return static_cast<std::int32_t>(code); }

}  // namespace

void IoWait::on_timer() noexcept { core.timed_out(*this); }

IoCore::IoCore(IoThread& thread, std::string instance) : thread_(thread), log_(std::move(instance)) {}
IoCore::~IoCore() { assert(is_shut_); }

IoWait* IoCore::begin(WaitKind kind, std::int64_t deadline_ns, abi::Completion& waiter) {
    assert(thread_.is_current());
    if (is_stopped_) return nullptr;
    if (free_.empty()) free_.push_back(&waits_.emplace_back(*this));
    IoWait& wait = *free_.back();
    free_.pop_back();
    wait.waiter = &waiter;
    wait.kind = kind;
    wait.result = {};
    wait.is_ready = false;
    wait.active_index = static_cast<std::uint32_t>(active_.size());
    active_.push_back(&wait);
    if (active_.size() > kMaxWaits)
        finish(wait, ErrorCode::unavailable);
    else
        thread_.arm(wait, monotonic_from_ns(deadline_ns));
    return &wait;
}

void IoCore::open(std::string_view text, bool is_listener, std::int64_t deadline_ns, abi::Completion& waiter) {
    IoWait* wait = begin(WaitKind::open, deadline_ns, waiter);
    if (wait == nullptr || wait->is_ready) return;
    auto endpoint = parse_endpoint(text);
    if (!endpoint) {
        log_.log(2, endpoint.error().text(), thread_.now().monotonic);
        return finish(*wait, endpoint.error().code());
    }
    const auto opening =
        std::make_shared<IoOpening>(*this, *wait, std::move(*endpoint), is_listener, monotonic_from_ns(deadline_ns));
    wait->opening = opening;
    opening->start();
}

IoWait* IoCore::begin_on_channel(WaitKind kind, abi::Handle handle, std::int64_t deadline_ns, abi::Completion& waiter) {
    IoWait* wait = begin(kind, deadline_ns, waiter);
    if (wait == nullptr || wait->is_ready) return nullptr;
    IoChannel* channel = find(handle);
    const bool is_busy = channel != nullptr && (kind == WaitKind::write ? channel->has_writer() : channel->has_reader());
    if (channel == nullptr || is_busy || channel->is_listener() != (kind == WaitKind::accept)) {
        finish(*wait, ErrorCode::invalid_argument);
        return nullptr;
    }
    if (!channel->is_open()) {
        finish(*wait, ErrorCode::disconnected);
        return nullptr;
    }
    wait->channel = channel->shared_from_this();
    return wait;
}

void IoCore::accept(abi::Handle listener, std::int64_t deadline_ns, abi::Completion& waiter) {
    IoWait* wait = begin_on_channel(WaitKind::accept, listener, deadline_ns, waiter);
    if (wait != nullptr) wait->channel->start_read(*wait);
}

void IoCore::read(abi::Handle handle, std::uint64_t most, std::int64_t deadline_ns, abi::Completion& waiter) {
    IoWait* wait = begin_on_channel(WaitKind::read, handle, deadline_ns, waiter);
    if (wait == nullptr) return;
    wait->most = most;
    wait->channel->start_read(*wait);
}

void IoCore::write(abi::Handle handle, const abi::Bytes* parts, std::uint32_t part_count, std::int64_t deadline_ns,
                   abi::Completion& waiter) {
    IoWait* wait = begin_on_channel(WaitKind::write, handle, deadline_ns, waiter);
    if (wait == nullptr) return;
    if (part_count > kMaxParts) return finish(*wait, ErrorCode::unavailable);
    wait->channel->start_write(*wait, parts, part_count);
}

void IoCore::sleep_until(std::int64_t monotonic_ns, abi::Completion& waiter) {
    (void)begin(WaitKind::sleep, monotonic_ns, waiter);
}

void IoCore::withdraw(abi::Completion& waiter) noexcept {
    // Rare (a task is dropped while it waits), and an instance has few waits: no index is kept for it.
    const auto found = std::ranges::find(active_, &waiter, &IoWait::waiter);
    if (found == active_.end()) return;
    IoWait& wait = **found;
    if (!wait.is_ready) {
        detach(wait);
        return release(wait);
    }
    // It is over, but nobody was told. What it opened would have no owner.
    if (wait.result.code == 0 && (wait.kind == WaitKind::open || wait.kind == WaitKind::accept)) {
        close(static_cast<abi::Handle>(wait.result.value));
    }
    if (wait.kind == WaitKind::write && wait.channel) wait.channel->break_off();
    wait.waiter = nullptr;
}

// Takes a pending wait off what it waits for.
void IoCore::detach(IoWait& wait) noexcept {
    const auto channel = std::move(wait.channel);
    wait.opening.reset();
    if (!channel) return;
    if (wait.kind == WaitKind::write)
        channel->break_off();
    else
        channel->forget_reader();
}

void IoCore::timed_out(IoWait& wait) noexcept {
    detach(wait);
    abi::IoResult result;
    if (wait.kind != WaitKind::sleep) result.code = to_code(ErrorCode::timeout);
    complete_now(wait, result);
}

void IoCore::close(abi::Handle handle) noexcept {
    IoChannel* channel = find(handle);
    if (channel == nullptr) return;
    auto& slot = slots_[(handle & 0xFFFFU) - 1];
    const auto closing = std::move(slot.channel);
    ++slot.generation;
    closing->close(ErrorCode::cancelled);
}

void IoCore::stop() noexcept {
    if (std::exchange(is_stopped_, true)) return;
    for (auto& slot : slots_) {
        if (slot.channel) std::exchange(slot.channel, nullptr)->close(ErrorCode::cancelled);
        ++slot.generation;
    }
    const auto waits = active_;
    for (IoWait* wait : waits) {
        detach(*wait);
        finish(*wait, ErrorCode::cancelled);
    }
}

void IoCore::shut() noexcept {
    is_stopped_ = is_shut_ = true;
    for (auto& slot : slots_) {
        if (slot.channel) slot.channel->shut();
    }
    slots_.clear();
    ready_.clear();
    while (!active_.empty()) release(*active_.back());
}

IoChannel* IoCore::find(abi::Handle handle) noexcept {
    const auto index = (handle & 0xFFFFU) - 1;
    if (index >= slots_.size() || slots_[index].generation != handle >> 16U) return nullptr;
    return slots_[index].channel.get();
}

abi::Handle IoCore::adopt(UniqueFd fd, const Endpoint& endpoint, bool is_listener) {
    const auto free_slot = std::ranges::find(slots_, nullptr, &Slot::channel);
    if (free_slot == slots_.end() && slots_.size() >= kMaxHandles) return 0;
    auto channel = std::make_shared<IoChannel>(*this, endpoint, is_listener);
    if (channel->assign(std::move(fd)) != 0) return 0;
    auto& slot = free_slot != slots_.end() ? *free_slot : slots_.emplace_back();
    slot.channel = std::move(channel);
    const auto index = static_cast<std::uint32_t>(&slot - slots_.data());
    return (static_cast<std::uint32_t>(slot.generation) << 16U) | (index + 1);
}

void IoCore::finish(IoWait& wait, ErrorCode code, int system_error) {
    wait.result = {};
    wait.result.code = to_code(code);
    wait.result.system_error = system_error;
    queue(wait);
}

void IoCore::finish_done(IoWait& wait, std::uint64_t value) {
    wait.result = {};
    wait.result.value = value;
    queue(wait);
}

void IoCore::queue(IoWait& wait) {
    thread_.disarm(wait);
    wait.opening.reset();
    if (std::exchange(wait.is_ready, true)) return;
    ready_.push_back(&wait);
    if (std::exchange(is_delivery_posted_, true)) return;
    boost::asio::post(loop().context, [self = shared_from_this()] { self->deliver(); });
}

void IoCore::deliver() noexcept {
    is_delivery_posted_ = false;
    auto left = ready_.size();  // those that come meanwhile have their own turn
    while (left-- > 0 && !ready_.empty()) {
        IoWait& wait = *ready_.front();
        ready_.pop_front();
        complete_now(wait, wait.result);
    }
}

void IoCore::complete_now(IoWait& wait, const abi::IoResult& result) noexcept {
    abi::Completion* waiter = wait.waiter;
    const auto final_result = result;  // `result` may be the record's own, which is used again
    release(wait);
    if (waiter != nullptr) waiter->complete(final_result);
}

void IoCore::release(IoWait& wait) noexcept {
    thread_.disarm(wait);
    wait.channel.reset();
    wait.opening.reset();
    wait.waiter = nullptr;
    IoWait* last = active_.back();
    active_[wait.active_index] = last;
    last->active_index = wait.active_index;
    active_.pop_back();
    free_.push_back(&wait);
}

}  // namespace penstock::base
