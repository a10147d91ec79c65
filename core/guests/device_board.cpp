#include "core/guests/device_board.hpp"

namespace penstock::guests {

void DeviceBoard::set(std::string_view state, std::string_view cause) {
    const std::lock_guard lock(mutex_);
    state_ = state;
    cause_ = cause;
}

DeviceStatus DeviceBoard::status(const DeviceConfig& config) const {
    DeviceStatus status;
    status.name = config.name;
    status.driver = config.driver;
    status.endpoint = config.endpoint;
    status.tags = config.items.size();
    status.reads = reads.load(std::memory_order_relaxed);
    status.failed_reads = failed_reads.load(std::memory_order_relaxed);
    status.writes = writes.load(std::memory_order_relaxed);
    const auto all_connects = connects.load(std::memory_order_relaxed);
    status.reconnects = all_connects == 0 ? 0 : all_connects - 1;
    status.missed_scans = missed_scans.load(std::memory_order_relaxed);
    const std::lock_guard lock(mutex_);
    status.state = state_;
    status.cause = cause_;
    return status;
}

std::string DeviceBoard::link_text() const {
    const std::lock_guard lock(mutex_);
    return cause_.empty() ? state_ : state_ + ": " + cause_;
}

}  // namespace penstock::guests
