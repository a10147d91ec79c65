#pragma once

#include <cstdint>

namespace penstock {

// Wire numbers of the operations; they are never reused.
enum class OperationId : std::uint16_t {
    hello = 1,
    browse = 2,
    read = 3,
    write = 4,
    explain = 5,
    status = 6,
    definition = 7,
    subscribe_latest = 8,
    unsubscribe = 9,
    history = 10,
    trend = 11,
    subscribe_series = 12,
    events = 13,
    journal = 14,
    backup = 15,
    alarms = 16,
    alarm_action = 17,
    subscribe_events = 18,
    explain_alarm = 19,
    alarm_figures = 20,
};

}  // namespace penstock
