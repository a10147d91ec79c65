#include "core/guests/scan_schedule.hpp"

#include <algorithm>

namespace penstock::guests {

std::uint64_t stable_hash(std::string_view text) noexcept {
    std::uint64_t hash = 0xCBF2'9CE4'8422'2325;  // FNV-1a
    for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 0x0000'0100'0000'01B3;
    return hash ^ (hash >> 32U);
}

ScanSchedule::ScanSchedule(std::string_view device, std::span<const ScanClass> classes, std::span<const DeviceItem> items) {
    const auto number = static_cast<std::int64_t>(stable_hash(device) >> 1U);
    for (const auto& scan_class : classes) {
        const auto period = std::clamp(scan_class.period, kShortestPeriod, kLongestPeriod);
        classes_.push_back({period, Duration(number % period.count()), {}, false, {}});
    }
    if (classes_.empty() && !items.empty())
        classes_.push_back({Duration(1s), Duration(number % Duration(1s).count()), {}, false, {}});
    for (std::size_t i = 0; i < items.size(); ++i) {
        const auto index = std::min<std::size_t>(items[i].scan_class, classes_.size() - 1);
        classes_[index].items.push_back(static_cast<ItemId>(i));
    }
    std::erase_if(classes_, [](const Class& c) { return c.items.empty(); });
}

void ScanSchedule::restart(MonotonicTime now) noexcept {
    for (auto& c : classes_) {
        c.next = now;
        c.is_on_grid = false;
    }
}

std::optional<MonotonicTime> ScanSchedule::next_due() const noexcept {
    if (classes_.empty()) return std::nullopt;
    return std::ranges::min_element(classes_, {}, &Class::next)->next;
}

std::uint64_t ScanSchedule::take_due(MonotonicTime now, std::vector<ItemId>& due) {
    std::uint64_t missed = 0;
    bool is_sorted = due.empty();
    for (auto& c : classes_) {
        if (c.next > now) continue;
        is_sorted = is_sorted && due.empty();
        due.insert(due.end(), c.items.begin(), c.items.end());
        if (c.is_on_grid) missed += static_cast<std::uint64_t>((now - c.next) / c.period);
        const auto since_phase = now.time_since_epoch() - c.phase;
        c.next = MonotonicTime((since_phase / c.period + 1) * c.period + c.phase);
        c.is_on_grid = true;
    }
    if (is_sorted) return missed;
    std::ranges::sort(due);
    const auto repeated = std::ranges::unique(due);
    due.erase(repeated.begin(), repeated.end());
    return missed;
}

}  // namespace penstock::guests
