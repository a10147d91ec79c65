#pragma once

// The state of every alarm, and the only one that changes it. What it decides it writes down first, as a Transition; the same records
// bring it back (apply). Time comes in: nothing here reads a clock.
//
//     AlarmTable table(rules, sink);
//     table.judge(alarm, holds, judged, now);                    // what a policy says
//     auto done = table.act(alarm, AlarmEvent::acknowledged, {"mueller", "st1"}, {}, now);
//     table.run_timers(now);                                     // delays and shelves whose time is over
//     due = table.due();
//
// All [engine].

#include <cstdint>
#include <expected>
#include <functional>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

#include <penstock/result.hpp>
#include <penstock/time.hpp>

#include "core/alarms/alarm.hpp"
#include "core/alarms/timers.hpp"
#include "core/alarms/transition.hpp"

namespace penstock::alarms {

// Who did the last thing that another may want to do, too.
struct Deed {
    std::string user, station;
    UtcTime time;
};

// What somebody adds to his action.
struct Remark {
    std::string comment;
    Duration shelve_for{};  // of AlarmEvent::shelved
};

class AlarmTable final {
public:
    // Rules by alarm id; holes are alarms that the site no longer has. Both must outlive the table.
    AlarmTable(std::span<const AlarmRules> rules, TransitionSink& sink);

    // --- the process ---
    // The condition of an alarm, before its delays. Says nothing new: nothing happens.
    void judge(AlarmId alarm, bool condition, const Judged& judged, Now now);
    // The input has become bad, or usable again; judge() follows for a usable one. By the alarm's rule: hold, raise or suppress.
    void judge_bad(AlarmId alarm, const Judged& judged, Now now);
    // A rule holds the alarm back, or no more. Several may.
    void suppress(AlarmId alarm, RuleId rule, bool is_so, Now now);

    // --- people ---
    // Error denied: it cannot be done, the sentence says why and by whom it was done before; invalid_argument: a shelf longer than the
    // class allows.
    [[nodiscard]] Result<void> act(AlarmId alarm, AlarmEvent event, const Who& who, const Remark& remark, Now now);

    // --- time ---
    [[nodiscard]] MonotonicTime due() const noexcept { return timers_.due(); }  // max: nothing waits
    void run_timers(Now now);

    // --- recovery: the effect of a record, in order, before anything else. `now`: shelves that are over end at the next run_timers() ---
    void apply(const Transition& transition, UtcTime time, Now now);

    [[nodiscard]] const AlarmState& state(AlarmId alarm) const { return cells_[alarm].state; }
    [[nodiscard]] journal::Position occurrence(AlarmId alarm) const { return cells_[alarm].occurrence; }
    [[nodiscard]] bool is_uncertain(AlarmId alarm) const { return cells_[alarm].is_uncertain; }

private:
    struct Cell {
        AlarmState state;
        bool condition = false;  // before the delays
        bool is_uncertain = false;
        journal::Position occurrence = 0;
    };
    [[nodiscard]] bool step(AlarmId alarm, AlarmEvent event, Transition&& transition, Now now);
    void follow(AlarmId alarm, const Judged& judged, Now now);
    void set_shelf(AlarmId alarm, const Transition& transition, Now now);
    [[nodiscard]] Error refusal(AlarmId alarm, AlarmEvent event, Refusal why) const;

    std::span<const AlarmRules> rules_;
    TransitionSink& sink_;
    std::vector<Cell> cells_;
    Timers timers_;
    // Of the few that need it:
    std::unordered_map<AlarmId, Judged> pending_;  // what a delay waits with
    std::unordered_map<AlarmId, std::vector<RuleId>> suppressed_by_;
    std::unordered_map<AlarmId, Deed> acknowledged_, shelved_;
};

}  // namespace penstock::alarms
