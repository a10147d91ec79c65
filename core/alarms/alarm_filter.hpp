#pragma once

// What an AlarmsRequest wants to see. The same for what is and for what was.

#include <string>
#include <string_view>

#include <penstock/operations.hpp>

#include "core/alarms/alarm_catalog.hpp"

namespace penstock::alarms {

class AlarmFilter final {
public:
    // `request` must outlive it.
    explicit AlarmFilter(const AlarmsRequest& request);

    [[nodiscard]] bool has_area(std::string_view area) const noexcept;  // the area asked for, or below
    [[nodiscard]] bool has_priority(std::uint8_t priority) const noexcept;
    [[nodiscard]] bool has_state(AlarmStateCode state) const noexcept;
    [[nodiscard]] bool has_text() const noexcept { return !text_.empty(); }
    [[nodiscard]] bool fits(
        const AlarmInfo& info) const;  // its text: in alarm, tag or text, letters without case, as events are searched

private:
    const AlarmsRequest* request_;
    std::string text_;  // folded
};

// For people: why a rule holds an alarm back. `language`: into alarms.languages().
[[nodiscard]] std::string suppression_reason(const AlarmCatalog& alarms, RuleId rule, std::size_t language = 0);

}  // namespace penstock::alarms
