#pragma once

// The state of every alarm, and the only one that changes it. What it decides it writes down first, as a Transition; the same records
// bring it back (apply). Time comes in: nothing here reads a clock.
//
//     AlarmTable table(std::move(rules), sink);
//     table.judge(alarm, holds, judged, now);                    // what a policy says
//     auto done = table.act(alarm, AlarmEvent::acknowledged, {"mueller", "st1"}, {}, now);
//     table.run_timers(now);                                     // delays and shelves whose time is over
//     due = table.due();
//
// All [engine], but for is_uncertain().

#include <atomic>
#include <cstdint>
#include <functional>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include <penstock/result.hpp>
#include <penstock/time.hpp>

#include "core/alarms/alarm.hpp"
#include "core/alarms/deeds.hpp"
#include "core/alarms/due_queue.hpp"
#include "core/alarms/rule_book.hpp"
#include "core/alarms/transition.hpp"
#include "core/wire/buffer.hpp"

namespace penstock::alarms {

// What somebody adds to his action.
struct Remark {
    std::string comment;
    Duration shelve_for{};  // of AlarmEvent::shelved
};

class AlarmTable final {
public:
    // The sink must outlive the table.
    AlarmTable(RuleBook rules, TransitionSink& sink);

    // All alarms are below; holes are alarms that the site no longer has.
    [[nodiscard]] std::size_t size() const noexcept { return cells_.size(); }
    [[nodiscard]] const AlarmRules& rules(AlarmId alarm) const { return rules_[alarm]; }
    // Brings what is known of an alarm that will be judged soon nearer to the processor.
    void prefetch(AlarmId alarm) const noexcept {
        __builtin_prefetch(&cells_[alarm], 1);
        __builtin_prefetch(&uncertain_[alarm]);
        rules_.prefetch(alarm);
    }

    // --- the process ---
    // The condition of an alarm, before its delays. Says nothing new: nothing happens.
    void judge(AlarmId alarm, bool condition, const Judged& judged, Now now);
    // The input has become bad; judge() follows once it is usable again. By the alarm's rule: hold, raise or suppress; but while its
    // quality is bad_waiting_for_initial the alarm is uncertain alone.
    void judge_bad(AlarmId alarm, const Judged& judged, Now now);
    // What it is judged by cannot be trusted, or again. The alarm goes on, uncertain. The input's doubt ends with judge().
    enum class Doubt : std::uint8_t { input = 1, parameter = 2, on_delay = 4, off_delay = 8, enabling = 16 };
    void doubt(AlarmId alarm, Doubt what, bool is_so);
    // Instead of what its rules say, for delays that begin from now on. Not saved: the tag that says so is read anew.
    void set_delay(AlarmId alarm, bool is_on_delay, Duration delay);
    // A rule holds the alarm back, or no more. Several may; each change is a transition.
    void suppress(AlarmId alarm, RuleId rule, bool is_so, Now now);

    // --- alarms that hide lesser ones (eclipse) ---
    // Whether it stands in for those that say the same with less weight: its condition holds, after its delays, and it is there to be
    // seen. One that somebody shelved or took out of service, or that is suppressed, hides nothing; or else nobody would see that
    // anything is wrong. But suppressed by rules on other alarms alone it goes on hiding: above it stands one that is shown.
    [[nodiscard]] bool hides_others(AlarmId alarm) const;
    // Which rules are on other alarms: they suppress what is hidden. Not saved.
    void set_hiding_rules(std::vector<RuleId> rules);
    // Called when hides_others() of an alarm has changed.
    void on_hiding(std::function<void(AlarmId)> tell) { tell_hiding_ = std::move(tell); }

    // --- people ---
    // Error denied: it cannot be done, the sentence says why, and by whom and when it was done before; invalid_argument: a shelf
    // longer than the class allows, a comment without words.
    [[nodiscard]] Result<void> act(AlarmId alarm, AlarmEvent event, const Who& who, const Remark& remark, Now now);

    // --- time ---
    [[nodiscard]] MonotonicTime due() const noexcept;  // max: nothing waits
    void run_timers(Now now);

    // --- recovery ---
    // All but the rules: states, occurrences, what delays wait for (as what is left of them), shelves, who did what. [engine]
    void save(Now now, wire::Buffer& out) const;
    // The inverse, into a new table. Alarms beyond size() are left out. Error protocol: damaged; the table is then as new.
    [[nodiscard]] Result<void> restore(wire::Bytes state, Now now);
    // The effect of a record written after the save, in order. Shelves that are over end at the next run_timers().
    void apply(const Transition& transition, UtcTime time, Now now);

    [[nodiscard]] const AlarmState& state(AlarmId alarm) const { return cells_[alarm].state; }
    [[nodiscard]] journal::Position occurrence(AlarmId alarm) const { return cells_[alarm].occurrence; }
    [[nodiscard]] bool condition(AlarmId alarm) const { return cells_[alarm].condition; }  // before the delays
    [[nodiscard]] bool is_suppressed_by(AlarmId alarm, RuleId rule) const;
    [[nodiscard]] std::vector<std::pair<AlarmId, RuleId>> suppressions() const;  // sorted
    // When the delay that runs is over; max: none runs.
    [[nodiscard]] MonotonicTime delay_ends(AlarmId alarm) const;
    // Its input or a parameter cannot be trusted. [any-thread]
    [[nodiscard]] bool is_uncertain(AlarmId alarm) const { return uncertain_[alarm].load(std::memory_order_relaxed) != 0; }

private:
    static constexpr std::uint32_t kNotPending = 0xFFFF'FFFF;
    struct Cell {
        AlarmState state;
        bool condition = false;  // before the delays
        std::uint16_t suppressions = 0;
        std::uint32_t pending = kNotPending;  // what its delay waits with, in pending_
        journal::Position occurrence = 0;
    };
    struct Pending {
        Judged judged;
        AlarmId alarm;
    };
    friend class AlarmTableState;  // reads and fills the members for save() and restore()

    [[nodiscard]] bool step(AlarmId alarm, AlarmEvent event, Transition&& transition, Now now);
    void write(const AlarmState& to, Transition&& transition, Now now);
    void follow(AlarmId alarm, const Judged& judged, Now now);
    [[nodiscard]] Duration delay(AlarmId alarm, bool is_on_delay) const;
    void begin_delay(AlarmId alarm, const Judged& judged, MonotonicTime at);
    [[nodiscard]] Judged end_delay(AlarmId alarm);
    void note_suppression(AlarmId alarm, RuleId rule, bool is_so);
    [[nodiscard]] bool is_hiding_rule(RuleId rule) const;
    void note_deed(const Transition& transition, UtcTime time);
    void set_shelf(const Transition& transition, Now now);
    void end_next_delay(AlarmId alarm, Now now);
    [[nodiscard]] Result<void> check(AlarmId alarm, AlarmEvent event, const Remark& remark) const;
    [[nodiscard]] Error refusal(AlarmId alarm, AlarmEvent event, Refusal why, Now now) const;
    [[nodiscard]] static std::uint64_t key(AlarmId alarm, RuleId rule) noexcept { return std::uint64_t{alarm} << 16U | rule; }

    RuleBook rules_;
    TransitionSink& sink_;
    std::function<void(AlarmId)> tell_hiding_;
    std::vector<RuleId> hiding_rules_;  // sorted
    std::vector<Cell> cells_;
    std::vector<std::atomic<std::uint8_t>> uncertain_;
    DueQueue delays_;  // by place in pending_
    DueQueue shelves_;
    std::vector<Pending> pending_;
    std::vector<std::uint32_t> free_pending_;
    // Of the few that need it:
    std::unordered_map<std::uint64_t, Duration> set_delays_;  // alarm << 1 | is_on_delay
    std::unordered_map<AlarmId, UtcTime> shelved_until_;
    std::unordered_set<std::uint64_t> suppressed_by_;  // key()
    std::unordered_map<AlarmId, std::uint16_t> hidden_by_;  // how many of these are hiding rules
    Deeds deeds_;
};

}  // namespace penstock::alarms
