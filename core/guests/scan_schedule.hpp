#pragma once

// When which items of a device are due.

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include <penstock/sample_batch.hpp>
#include <penstock/time.hpp>

#include "core/guests/device_config.hpp"

namespace penstock::guests {

// The same for the same text on every machine and in every run.
[[nodiscard]] std::uint64_t stable_hash(std::string_view text) noexcept;

// Each class is due at k * period + phase. All classes of a device take their phase from one number, so classes whose periods
// divide each other coincide and their items share a read; devices differ in it, so they don't fire in step.
class ScanSchedule {
public:
    static constexpr Duration kShortestPeriod = 10ms;
    static constexpr Duration kLongestPeriod = std::chrono::hours(24);

    // Items whose class does not exist belong to the last one; classes without items are never due.
    ScanSchedule(std::string_view device, std::span<const ScanClass> classes, std::span<const DeviceItem> items);

    // Everything is due at once, then the grid goes on.
    void restart(MonotonicTime now) noexcept;
    // Nothing: there are no items.
    [[nodiscard]] std::optional<MonotonicTime> next_due() const noexcept;
    // Appends the items of all classes that are due, in ascending order of the whole `due`, and moves these classes to their
    // next tick after `now`. Returns how many ticks were skipped because they lie in the past too.
    std::uint64_t take_due(MonotonicTime now, std::vector<ItemId>& due);

private:
    struct Class {
        Duration period;
        Duration phase;
        MonotonicTime next{};
        bool is_on_grid = false;  // false: `next` is a restart, not a tick
        std::vector<ItemId> items;
    };
    std::vector<Class> classes_;
};

}  // namespace penstock::guests
