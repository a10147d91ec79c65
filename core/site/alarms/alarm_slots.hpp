#pragma once

// The keys of one alarm, each found once.

#include <array>
#include <vector>

#include "core/site/alarms/alarm_formats.hpp"

namespace penstock::site {

class AlarmSlots {
public:
    // Reads and checks an object of alarm_format() or alarm_output_format(). Faults of shape are added.
    void read(const JsonView& object, const ObjectFormat& format, FaultList& faults);

    // Present and readable.
    [[nodiscard]] bool has(AlarmKey key) const noexcept { return (good_ & bit(key)) != 0; }
    [[nodiscard]] bool is_faulty(AlarmKey key) const noexcept { return (present_ & ~good_ & bit(key)) != 0; }
    [[nodiscard]] JsonView operator[](AlarmKey key) const noexcept { return has(key) ? values_[index(key)] : JsonView(); }
    [[nodiscard]] const JsonView& object() const noexcept { return object_; }
    // Keys that the table does not know: the policy's.
    [[nodiscard]] const std::vector<JsonView>& others() const noexcept { return others_; }

private:
    [[nodiscard]] static constexpr std::size_t index(AlarmKey key) noexcept { return static_cast<std::size_t>(key); }
    [[nodiscard]] static constexpr std::uint32_t bit(AlarmKey key) noexcept { return 1U << index(key); }

    JsonView object_;
    std::array<JsonView, kAlarmKeys> values_;
    std::uint32_t present_ = 0, good_ = 0;
    std::vector<JsonView> others_;
};

}  // namespace penstock::site
