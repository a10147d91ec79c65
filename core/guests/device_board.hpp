#pragma once

// How a device stands, for others to read at any time: written on its strand, read on any thread.

#include <atomic>
#include <cstdint>
#include <mutex>
#include <string>

#include <penstock/operations.hpp>

#include "core/guests/device_config.hpp"

namespace penstock::guests {

class DeviceBoard {
public:
    using Count = std::atomic<std::uint64_t>;

    Count reads{0}, failed_reads{0}, writes{0}, connects{0}, missed_scans{0};
    Count writes_refused{0}, writes_unknown{0}, samples_cut_off{0}, items_left_out{0}, drivers_abandoned{0};

    // `state` is one word ("connected"), `cause` why it is not connected.
    void set(std::string_view state, std::string_view cause);
    [[nodiscard]] DeviceStatus status(const DeviceConfig& config) const;
    // "connected", or the state and its cause.
    [[nodiscard]] std::string link_text() const;

private:
    mutable std::mutex mutex_;  // guards what follows
    std::string state_ = "stopped";
    std::string cause_;
};

// One more. Only the strand counts, so there is nothing to order.
inline void count(DeviceBoard::Count& counter, std::uint64_t by = 1) noexcept {
    counter.fetch_add(by, std::memory_order_relaxed);
}

}  // namespace penstock::guests
