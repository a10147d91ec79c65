#pragma once

// The life of an alarm after ISA-18.2 (ANSI/ISA-18.2-2016, 5.2.3 and its figure of states): from which state which event leads where.
// One function, without time, people or storage: who decides that a condition holds, counts delays and asks for rights stands
// elsewhere.
//
//     auto next = alarms::after(state, AlarmEvent::acknowledged, rules);
//     if (!next) return refuse(next.error());       // "it is not active"
//
// The states of the standard:
//   A normal          B unacknowledged        C acknowledged          D returned_unacknowledged
//   E latched_unacknowledged                  F latched_acknowledged  (the condition is gone, the alarm waits for a reset)
//   G shelved         H suppressed by design  I out of service
// G, H and I may come together, and are shown in the order I, H, G. Under them the condition is followed and nobody is called; what
// had to be acknowledged before is let go. When the last of them ends while the condition holds, the alarm is raised anew.

#include <cstdint>
#include <expected>
#include <string_view>

#include <penstock/alarm_event.hpp>

namespace penstock::alarms {

// The numbers are stored; they are never reused.
enum class Base : std::uint8_t {
    normal = 0,
    unacknowledged = 1,
    acknowledged = 2,
    returned_unacknowledged = 3,
    latched_unacknowledged = 4,
    latched_acknowledged = 5,
    returned_unconfirmed =
        6,  // Penstock's own, for classes that want a confirmation (OPC UA Part 9, 5.7): gone and acknowledged
};

struct AlarmState {
    Base base = Base::normal;
    bool holds = false;  // the condition, after its delays
    bool to_confirm = false;
    bool is_silenced = false;
    bool is_shelved = false;
    bool is_one_shot = false;  // the shelving ends when the condition returns
    bool is_suppressed = false;
    bool is_out_of_service = false;

    [[nodiscard]] constexpr bool is_held_back() const noexcept { return is_shelved || is_suppressed || is_out_of_service; }
    bool operator==(const AlarmState&) const = default;
};

// What an operator reads: the state with the highest rank.
using ShownState = AlarmStateCode;
[[nodiscard]] ShownState shown(const AlarmState& state) noexcept;
// Whether it stands in the list of what needs somebody: active, or to be acknowledged, confirmed or reset; not held back.
[[nodiscard]] bool is_standing(const AlarmState& state) noexcept;
// Somebody has to acknowledge it.
[[nodiscard]] bool is_unacknowledged(const AlarmState& state) noexcept;
// Whether a horn sounds for it: unacknowledged, not silenced, not held back.
[[nodiscard]] bool sounds(const AlarmState& state) noexcept;

// penstock/alarm_event.hpp has the events; those below this number change a state.
using penstock::AlarmEvent;
inline constexpr std::uint8_t kLifeEvents = static_cast<std::uint8_t>(AlarmEvent::commented);

// What the alarm's class says.
struct LifeRules {
    bool needs_acknowledge = true;
    bool needs_confirm = false;
    bool latches = false;
};

// Why nothing changes.
enum class Refusal : std::uint8_t {
    already_so,  // raised twice, unshelved without being shelved: nothing to tell
    not_active,  // there is nothing to acknowledge, confirm or silence
    already_acknowledged,
    acknowledge_first,  // before it is confirmed or reset
    nothing_to_confirm,
    not_latched,
    still_holds,  // a latched alarm is reset when its condition is gone
    held_back,  // shelved, suppressed or out of service: nobody was called
};
[[nodiscard]] std::string_view to_string(Refusal refusal) noexcept;  // "it is acknowledged already"

[[nodiscard]] std::expected<AlarmState, Refusal> after(AlarmState state, AlarmEvent event, const LifeRules& rules);

}  // namespace penstock::alarms
