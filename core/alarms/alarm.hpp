#pragma once

// What an alarm is, as the table needs it: rules and delays. Texts, priorities and screens are looked up when somebody asks
// (alarm_catalog.hpp).

#include <cstdint>

#include <penstock/time.hpp>

#include "core/alarms/life_cycle.hpp"

namespace penstock::alarms {

// Given once to an alarm's name by the server, stored, never reused.
using AlarmId = std::uint32_t;
// A reason why an alarm is suppressed by design: a rule of the site, by number.
using RuleId = std::uint16_t;
inline constexpr RuleId kDisabled = 0;  // its enabling condition does not hold
inline constexpr RuleId kBadInput = 1;  // its input is bad, and the alarm says: suppress
inline constexpr RuleId kFirstRule = 16;  // of the site

// What a bad input means.
enum class BadInput : std::uint8_t { hold, raise, suppress };

struct AlarmRules {
    LifeRules life;
    Duration on_delay{}, off_delay{};
    BadInput bad_input = BadInput::hold;
    Duration longest_shelf{};  // 0: it may not be shelved
};

}  // namespace penstock::alarms
