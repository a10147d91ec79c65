#pragma once

// What is judged by which policy: points, their inputs, parameters and outputs. Made once from a site, before the engine runs.
//
//     JudgingPlan plan;
//     const auto limits = plan.add_policy(std::move(policy));
//     const PointParameter parameters[] = {{.number = 80}, {.tag = setpoint}};    // as the policy's shape lists them
//     const PointOutput outputs[] = {PointOutput::raises(alarm), PointOutput::suppresses(rule)};
//     plan.add_point(limits, {.tag = level}, parameters, outputs);
//     plan.add_rule(rule, targets);
//     plan.enable_by(alarm, running);

#include <cstdint>
#include <limits>
#include <memory>
#include <span>
#include <vector>

#include "core/alarms/alarm.hpp"
#include "core/guests/policy_instance.hpp"
#include "core/tags/tag_catalog.hpp"

namespace penstock::alarms {

using PolicyNumber = std::uint16_t;
using PointNumber = std::uint32_t;
inline constexpr AlarmId kNoAlarm = 0x07FF'FFFF;  // alarm ids are below

// One of the two: a tag, or whether an alarm hides others (AlarmTable::hides_others), as 0 or 1.
struct PointInput {
    tags::TagId tag = tags::kNoTag;
    AlarmId alarm = kNoAlarm;
};

struct PointParameter {
    double number = std::numeric_limits<double>::quiet_NaN();  // NaN: the site says nothing
    tags::TagId tag = tags::kNoTag;  // instead: what the tag says, and it may change
};

// What a condition of a point is for.
class PointOutput final {
public:
    enum class Kind : std::uint8_t { unused, alarm, rule };
    constexpr PointOutput() = default;
    [[nodiscard]] static constexpr PointOutput raises(AlarmId alarm) noexcept { return PointOutput(Kind::alarm, alarm); }
    // Each rule is the output of one point.
    [[nodiscard]] static constexpr PointOutput suppresses(RuleId rule) noexcept { return PointOutput(Kind::rule, rule); }
    [[nodiscard]] constexpr Kind kind() const noexcept { return static_cast<Kind>(word_ >> 30U); }
    [[nodiscard]] constexpr AlarmId alarm() const noexcept { return word_ & kNoAlarm; }
    [[nodiscard]] constexpr RuleId rule() const noexcept { return static_cast<RuleId>(word_ & 0xFFFFU); }
    // Which of the policy's outputs it is: known to a plan.
    [[nodiscard]] constexpr unsigned place() const noexcept { return word_ >> 27U & 7U; }
    [[nodiscard]] constexpr PointOutput at(std::size_t place) const noexcept {
        auto placed = *this;
        placed.word_ |= static_cast<std::uint32_t>(place) << 27U;
        return placed;
    }

private:
    constexpr PointOutput(Kind kind, std::uint32_t number) noexcept : word_(static_cast<std::uint32_t>(kind) << 30U | number) {}
    std::uint32_t word_ = 0;  // kind, place, number: a plant has one for each alarm
};
static_assert(sizeof(PointOutput) == 4 && kMaxPolicyOutputs <= 8);

// Who depends on a tag. `index` is for the note_...() of Judging.
struct Dependent {
    enum class Kind : std::uint8_t { input, parameter, enabling };  // a delay is a parameter, too
    tags::TagId tag;
    Kind kind;
    std::uint32_t index;
};

class JudgingPlan final {
public:
    PolicyNumber add_policy(std::unique_ptr<guests::PolicyInstance> policy);
    // Parameters and outputs that are missing at the end are left out.
    PointNumber add_point(PolicyNumber policy, PointInput input, std::span<const PointParameter> parameters,
                          std::span<const PointOutput> outputs);
    // A rule holds these back while the output of its point holds.
    void add_rule(RuleId rule, std::span<const AlarmId> targets);
    // While the tag is false the alarm is suppressed by kDisabled. One tag an alarm.
    void enable_by(AlarmId alarm, tags::TagId tag);

    // The tag says how many seconds, instead of the alarm's rules.
    void delay_by(AlarmId alarm, bool is_on_delay, tags::TagId tag);

    // All of them, in no order; for who tells Judging what changed.
    [[nodiscard]] std::vector<Dependent> dependents() const;
    [[nodiscard]] std::size_t points() const noexcept { return points_.size(); }

private:
    friend class Judging;
    static constexpr std::uint8_t kNone = 0xFF;
    static constexpr std::uint32_t kAlone = 0xFFFF'FFFF;
    struct Point {
        std::int64_t changed = 0;  // ns of the monotonic clock: when the input became what it is
        std::uint32_t row = 0;  // in its policy
        std::uint32_t input = 0;  // tag or alarm
        std::uint32_t outputs = 0;  // the first of it in outputs_
        std::uint32_t band = kAlone;  // in bands_, where other points have the same input tag
        PolicyNumber policy = 0;
        std::uint8_t output_count = 0;
        std::uint8_t holds = 0;  // a bit an output
        std::uint8_t bad_parameters = 0;
        ValueType type = ValueType::none;  // of the input tag
        bool is_of_alarm : 1 = false;
        bool suppresses : 1 = false;  // with one of its outputs
        bool is_noted : 1 = false;
        bool is_fresh : 1 = false;  // its input has changed since it was judged
        bool is_known : 1 = false;  // `holds` was said to the alarms
    };
    static_assert(sizeof(Point) == 32);
    // What the policy said last of a point that shares its tag: the tag is quiet where all points are.
    struct Band {
        double low, high;
        std::uint32_t next;  // of the same tag, in a ring
    };
    struct Parameter {  // that is bound to a tag
        PointNumber point;
        tags::TagId tag;
        std::uint8_t number;
        bool is_bad;
        bool is_noted;
    };
    struct Enabling {
        AlarmId alarm;
        tags::TagId tag;
        bool is_noted;
    };
    struct Delay {
        AlarmId alarm;
        tags::TagId tag;
        bool is_on_delay;
        bool is_noted;
    };
    struct Policy {
        std::unique_ptr<guests::PolicyInstance> instance;  // has the parameters
        std::vector<std::uint8_t> limit_of;  // by output: the parameter with its name; kNone
    };
    struct Rule {
        RuleId rule;
        std::uint32_t first, count;  // in targets_
    };
    std::vector<Policy> policies_;
    std::vector<Point> points_;
    std::vector<PointOutput> outputs_;  // that are used
    std::vector<Band> bands_;
    std::vector<Parameter> parameters_;
    std::vector<Delay> delays_;
    std::vector<Enabling> enablings_;
    std::vector<Rule> rules_;
    std::vector<AlarmId> targets_;
};

}  // namespace penstock::alarms
