#pragma once

// One step in the life of an alarm: what is written down of it, once and for ever. Recovery, the list of alarms and every station's
// stream are made from these alone; nobody decides anything anew.

#include <cstdint>
#include <string>

#include <penstock/quality.hpp>
#include <penstock/time.hpp>

#include "core/alarms/alarm.hpp"
#include "core/journal/record.hpp"

namespace penstock::alarms {

// What the condition was judged by.
struct Judged {
    std::uint64_t word = 0;  // of the input, in its tag's type
    double limit = 0;  // NaN: there is none
    QualityCode quality = QualityCode::good;
    std::int64_t time = 0;  // ns UTC
};

struct Who {
    std::string user;  // "" = the server itself
    std::string station;
    bool operator==(const Who&) const = default;
};

struct Transition {
    AlarmId alarm = 0;
    AlarmEvent event{};
    AlarmState to;
    // Position of the record that raised it; of that record itself: its own. 0 is no occurrence (the lane begins with another record).
    journal::Position occurrence = 0;
    Judged judged;
    Who who;
    std::string comment;  // also the reason of a shelf, and of taking out
    RuleId rule = 0;  // of suppressions
    UtcTime shelved_until;  // of a shelf by time; else 0
};

// What the process did, not people, rules or time: such a transition says by what it was judged.
[[nodiscard]] constexpr bool is_of_process(AlarmEvent event) noexcept {
    return event == AlarmEvent::raised || event == AlarmEvent::returned;
}
// Somebody is called anew. Such a transition is written without an occurrence, whatever its event; its record's position is the one.
[[nodiscard]] inline bool begins_occurrence(const Transition& transition) noexcept {
    return transition.occurrence == 0 && is_standing(transition.to);
}
// As it is read back from the record at `position`.
[[nodiscard]] inline Transition with_occurrence(Transition transition, journal::Position position) {
    if (begins_occurrence(transition)) transition.occurrence = position;
    return transition;
}

// Where transitions go: the events lane, a test. Called in order.
class TransitionSink {
public:
    // Returns the position of the record.
    virtual journal::Position write(const Transition& transition, Now now) = 0;

protected:
    ~TransitionSink() = default;
};

}  // namespace penstock::alarms
