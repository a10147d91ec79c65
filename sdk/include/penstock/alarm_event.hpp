#pragma once

// The words of an alarm's life, and what an event says of one step in it. Part of history_operations.hpp, which includes it.

#include <cstdint>
#include <string>
#include <string_view>
#include <tuple>

#include <penstock/fields.hpp>
#include <penstock/quality.hpp>
#include <penstock/time.hpp>

namespace penstock {

// The states of ISA-18.2, as they are shown. The numbers are stored and sent; they are never reused.
enum class AlarmStateCode : std::uint8_t {
    normal = 0,
    unacknowledged = 1,
    acknowledged = 2,
    returned_unacknowledged = 3,
    latched_unacknowledged = 4,
    latched_acknowledged = 5,
    returned_unconfirmed = 6,
    shelved = 7,
    suppressed = 8,  // by design
    out_of_service = 9,
};
[[nodiscard]] std::string_view to_string(AlarmStateCode state) noexcept;

// What happens to an alarm. The numbers are stored and sent; they are never reused.
enum class AlarmEvent : std::uint8_t {
    raised = 0,  // the condition holds
    returned = 1,  // and no more
    acknowledged = 2,
    confirmed = 3,
    reset = 4,  // of a latched one
    silenced = 5,
    shelved = 6,
    shelved_once = 7,
    unshelved = 8,  // by somebody, or because its time is over
    suppressed = 9,
    unsuppressed = 10,
    taken_out = 11,  // of service
    put_back = 12,
    commented = 13,  // changes nothing
};
inline constexpr std::uint8_t kAlarmEvents = 14;
[[nodiscard]] std::string_view to_string(AlarmEvent event) noexcept;

// Of an event of the kind `alarm`: beside object (the alarm's name), area, user, station, new_value (what it was judged by) and
// parameters (the comment, or the reason of a shelf or suppression).
struct AlarmStep {
    std::uint32_t alarm = 0;  // its id on this server
    AlarmEvent event{};
    AlarmStateCode state{};  // that it leads to
    std::uint16_t flags = 0;  // the state behind it, in the server's own bits
    std::uint64_t occurrence = 0;  // position of the event that raised it: what people acknowledge
    std::uint8_t priority = 0;  // 1 = the most urgent
    std::string alarm_class;
    double limit = 0;  // NaN: it has none
    QualityCode quality = QualityCode::good;  // of the input
    std::uint16_t rule = 0;  // of suppressions
    UtcTime judged_at;  // source time of the input
    UtcTime shelved_until;  // 0: not by time
    static constexpr auto fields() {
        return std::tuple(field("alarm", &AlarmStep::alarm), field("event", &AlarmStep::event),
                          field("state", &AlarmStep::state), field("flags", &AlarmStep::flags),
                          field("occurrence", &AlarmStep::occurrence), field("priority", &AlarmStep::priority),
                          field("class", &AlarmStep::alarm_class), field("limit", &AlarmStep::limit),
                          field("quality", &AlarmStep::quality), field("rule", &AlarmStep::rule),
                          field("judged_at", &AlarmStep::judged_at), field("shelved_until", &AlarmStep::shelved_until));
    }
};

}  // namespace penstock
