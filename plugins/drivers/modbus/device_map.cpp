#include "device_map.hpp"

#include <algorithm>

namespace penstock::modbus {

std::uint16_t CountLimit::current() const noexcept {
    const auto below = static_cast<std::uint16_t>(refused_ - 1);
    if (!was_refused_ || below <= works_) return below;
    return static_cast<std::uint16_t>(works_ + (refused_ - works_) / 2);
}

void CountLimit::worked(std::uint16_t count) noexcept { works_ = std::max(works_, count); }

void CountLimit::refused(std::uint16_t count) noexcept {
    if (count >= refused_ || count <= 1) return;
    was_refused_ = true;
    refused_ = count;
    works_ = std::min(works_, static_cast<std::uint16_t>(count - 1));  // the device may have changed its mind
}

CountLimit& DeviceMap::limit(Space space) {
    return limits_.try_emplace(space, is_bits(space.table) ? max_bits_ : max_registers_).first->second;
}

std::uint16_t DeviceMap::most_at_once(Space space) { return limit(space).current(); }

void DeviceMap::worked(Space space, std::uint16_t count) {
    learn(space, [count](CountLimit& limit) { limit.worked(count); });
}

void DeviceMap::refused_for_size(Space space, std::uint16_t count) {
    learn(space, [count](CountLimit& limit) { limit.refused(count); });
}

void DeviceMap::learn(Space space, auto lesson) {
    auto& known = limit(space);
    const auto before = known.current();
    lesson(known);
    if (known.current() != before) changed();
}

void DeviceMap::refuse(ItemId item, std::uint8_t exception, MonotonicTime retry_at) {
    refusals_.insert_or_assign(item, Refusal{exception, retry_at});
    next_retry_ = std::min(next_retry_, retry_at);
    changed();
}

std::uint8_t DeviceMap::refusal(ItemId item, MonotonicTime now) const {
    const auto found = refusals_.find(item);
    return found == refusals_.end() || found->second.retry_at <= now ? 0 : found->second.exception;
}

void DeviceMap::add_barrier(Space space, std::uint32_t before) {
    barriers_.emplace(space, before);
    changed();
}

bool DeviceMap::has_barrier(Space space, std::uint32_t from, std::uint32_t to) const {
    const auto [first, last] = barriers_.equal_range(space);
    return std::any_of(first, last, [&](const auto& barrier) { return barrier.second >= from && barrier.second < to; });
}

bool DeviceMap::expire(MonotonicTime now) {
    if (now < next_retry_) return false;
    std::erase_if(refusals_, [&](const auto& entry) { return entry.second.retry_at <= now; });
    barriers_.clear();
    next_retry_ = MonotonicTime::max();
    for (const auto& [item, refusal] : refusals_) next_retry_ = std::min(next_retry_, refusal.retry_at);
    changed();
    return true;
}

void DeviceMap::clear() {
    limits_.clear();
    barriers_.clear();
    refusals_.clear();
    next_retry_ = MonotonicTime::max();
    changed();
}

}  // namespace penstock::modbus
