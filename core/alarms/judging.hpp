#pragma once

// From tags to alarms: what the policies say of the points goes to the alarm table, and how long a tag stays uninteresting into its
// cell. Part of a cycle, after values and calculations:
//
//     judging.note_point(n);  note_parameter(n);  note_enabling(n);      // what changed, as JudgingPlan::dependents() numbers it
//     judging.run(now);                                                 // all that follows, delays and shelves included
//     for (const auto& error : judging.take_failures()) tell(error);
//     wake_at(judging.due());
//
// Rules:
// - An input that is uncertain_last_usable is not judged: after a restart that is a value of the snapshot, a minute old. Its alarms stay
//   as they were, uncertain, until the device answers, or is known not to.
// - A bad input follows its alarm's rule (hold, raise, suppress), unless the policy wants it. A rule that suppresses keeps what it was.
// - A parameter or delay whose tag is bad keeps its last good number, and its alarms are uncertain. A bad enabling tag: it stays as it
//   was, uncertain.
// - A policy that fails takes its alarms with it: they are uncertain, by their rule for bad inputs; what it suppressed is let go.
// - The input of a point on an alarm is whether that alarm hides others: its condition, while it is there to be seen.
// - A point whose input is an alarm is judged in the same run, as far as kMostRounds; a circle of alarms goes on in the next.
//
// All [engine].

#include <cstdint>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include <penstock/result.hpp>
#include <penstock/time.hpp>

#include "core/alarms/alarm_table.hpp"
#include "core/alarms/due_queue.hpp"
#include "core/alarms/judging_plan.hpp"
#include "core/tags/tag_table.hpp"
#include "core/wire/buffer.hpp"

namespace penstock::alarms {

class Judging final {
public:
    static constexpr int kMostRounds = 16;

    // Both must outlive it. The tags that are inputs are asked for until a policy says how quiet they are.
    Judging(JudgingPlan plan, tags::TagTable& table, AlarmTable& alarms);
    Judging(const Judging&) = delete;
    Judging& operator=(const Judging&) = delete;
    ~Judging();

    // Somebody else needs every change of this tag (a calculation): its cell never gets a quiet band.
    void never_quiet(tags::TagId tag);

    // At a start, once table, alarms and policies are restored: the policies are told what held last, every point, parameter and
    // enabling tag is looked at in the next run, and suppressions whose rule the site no longer has let go.
    void begin(Now now);

    void note_point(PointNumber point);
    void note_parameter(std::uint32_t number);
    void note_enabling(std::uint32_t number);

    void run(Now now);
    [[nodiscard]] MonotonicTime due() const noexcept;  // max: nothing waits

    // Of policies that failed since the last call; each is told once.
    [[nodiscard]] std::vector<Error> take_failures();

    // What the policies remember. restore(): before begin(); sentences for policies that begin anew, because they cannot go on or
    // because their points are others.
    void save(Now now, wire::Buffer& out);
    [[nodiscard]] std::vector<std::string> restore(wire::Bytes state, Now now);

private:
    using Plan = JudgingPlan;
    // Points that suppress come first in a cycle, so that an alarm that is held back is not raised a moment before.
    enum class Turn : std::uint8_t { suppressing, raising };
    static constexpr std::size_t kTurns = 2;

    void link_inputs();
    void link_bands(std::span<const std::pair<tags::TagId, PointNumber>> points);
    void begin_policies();
    void recall_what_held();
    [[nodiscard]] bool held(PointOutput output) const;
    void queue(PointNumber point);
    void alarm_changed(AlarmId alarm);
    void release_unknown_suppressions(Now now);

    void take_enablings(Now now);
    void take_parameters();
    void take_parameter(Plan::Parameter& parameter);
    void take_delay(Plan::Delay& delay);
    void wake_looks(Now now);
    void judge(PolicyNumber policy, Turn turn, Now now);
    void add_row(PointNumber number, Now now);
    void end_batch(PolicyNumber policy, Now now);
    void prefetch_alarms(PointNumber number, std::uint8_t holds) const noexcept;

    void take_verdict(PointNumber number, std::uint8_t holds, Now now);
    void take_band(PointNumber number, double low, double high);
    void set_band(tags::TagId tag, double low, double high);
    void take_bad(PointNumber number, QualityCode quality, Now now);
    void take_failure(PolicyNumber policy, Now now);
    void suppress_targets(RuleId rule, bool is_so, Now now);
    void take_old(PointNumber number);
    void doubt(const Plan::Point& point, AlarmTable::Doubt what, bool is_so);
    [[nodiscard]] std::span<const PointOutput> outputs(const Plan::Point& point) const;
    [[nodiscard]] std::span<const AlarmId> targets_of(RuleId rule) const;
    [[nodiscard]] Judged judged(const Plan::Point& point, PointOutput output) const;
    [[nodiscard]] double limit(const Plan::Point& point, PointOutput output) const;
    [[nodiscard]] std::uint64_t fingerprint(PolicyNumber policy) const;

    Plan plan_;
    tags::TagTable& table_;
    AlarmTable& alarms_;
    std::vector<std::vector<PointNumber>> noted_;  // by policy and turn
    std::vector<PointNumber> at_hand_, batch_;  // noted ones of a policy; those in its rows
    std::vector<std::uint32_t> noted_parameters_, noted_enablings_;
    std::size_t waiting_ = 0;  // noted points, in all
    DueQueue looks_;  // by point
    std::vector<std::pair<AlarmId, PointNumber>> points_of_alarms_;  // whose input is an alarm, sorted
    std::vector<bool> never_quiet_;  // by tag
    std::vector<bool> has_failed_;  // by policy
    std::vector<Error> failures_;
    MonotonicTime now_{};
};

}  // namespace penstock::alarms
