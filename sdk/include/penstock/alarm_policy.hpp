#pragma once

// Alarm policies say whether conditions hold: above a limit, off a setpoint, too fast. Nothing else: delays, acknowledging, shelving,
// texts, priorities and storage are the core's, alike for every alarm. A policy cannot lose a transition; at worst it breaks its
// budget, is named, and its alarms become uncertain.
//
// A policy watches points. A point is one input (a tag, or an expression) and a few numbers, its parameters; it has up to eight
// outputs, each the condition of one alarm. Points are rows of columns, numbered from 0, so a hundred thousand of them cost one call.
// Their parameters are kept by the host and handed over with each row: a policy stores only what time has taught it, mostly nothing.
//
// Life: constructor(Settings) -> shape() -> resize() -> [restore()] -> recall() -> { evaluate(), save() }* -> destructor. All [engine]:
// never wait, never allocate per row. The budget is an input's share of a cycle, 1 us a row and 1 ms a call.
//
//     class High final : public penstock::AlarmPolicy {
//     public:
//         explicit High(penstock::Settings) {}
//         penstock::PolicyShape shape() const override { return {.outputs = {"high"}, .parameters = {"high"}}; }
//         void evaluate(const penstock::PolicyInputs& in, penstock::PolicyVerdicts& out) override {
//             const auto limits = in.parameter(0);
//             for (std::size_t row = 0; row < in.size(); ++row) {
//                 const auto limit = penstock::given_or(limits[row], penstock::kInfinity);
//                 if (in.number[row] > limit)
//                     out.holds[row] = 1;
//                 else
//                     out.stay_quiet(row, -penstock::kInfinity, limit);
//             }
//         }
//     };
//     PENSTOCK_PLUGIN(High, "alarm_policy.high", "1.0.0", "{}");

#include <cmath>
#include <cstdint>
#include <limits>
#include <memory>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include <penstock/abi/alarm_policy.hpp>
#include <penstock/quality.hpp>
#include <penstock/settings.hpp>
#include <penstock/time.hpp>

namespace penstock {

using PointId = std::uint32_t;
inline constexpr double kInfinity = std::numeric_limits<double>::infinity();
inline constexpr std::size_t kMaxPolicyOutputs = 8;
inline constexpr std::size_t kMaxPolicyParameters = 16;

// A parameter, or what stands for one that the site leaves out.
[[nodiscard]] inline double given_or(double parameter, double otherwise) noexcept {
    return std::isnan(parameter) ? otherwise : parameter;
}

// What every point of this policy has.
struct PolicyShape {
    // Names of the conditions, as a site's alarm names them: "high_high". An alarm is called after point and output.
    std::vector<std::string> outputs;
    // Names of the numbers: a site gives each as a number, or binds it to a tag. One that the site leaves out is NaN. An alarm shows as
    // its limit the parameter that is called as its output.
    std::vector<std::string> parameters;
    // Bad inputs come too. Else they don't: the core follows the alarm's own rule for them (hold, raise, suppress), and the policy
    // keeps what it thought.
    bool wants_bad = false;
};

// Columns of equal length: points whose input, or a parameter, has changed, or that asked to be looked at. Each point at most once.
struct PolicyInputs {
    std::span<const PointId> point;
    std::span<const double> number;  // of a bool 0 or 1; 64-bit integers may be rounded; never NaN unless the input is bad
    std::span<const std::uint16_t> quality;  // QualityCode
    std::span<const std::int64_t> time;  // when the input became so: ns of the monotonic clock, as `now`
    MonotonicTime now;
    std::span<const double* const> parameters;  // the columns of parameter()

    [[nodiscard]] std::size_t size() const noexcept { return point.size(); }
    // What the rows' points have as parameter n of the shape, as it is now: bound to a tag it changes while the plant runs, and then its
    // point is among the rows.
    [[nodiscard]] std::span<const double> parameter(std::size_t n) const {
        if (n >= parameters.size()) throw std::out_of_range("the policy's shape has no parameter " + std::to_string(n));
        return {parameters[n], size()};
    }
};

// Columns of the same length.
struct PolicyVerdicts {
    std::span<std::uint8_t> holds;  // bit n: the condition of outputs[n] holds
    std::span<double> quiet_low, quiet_high;
    std::span<std::int64_t> look_at;

    // While the input lies in [low, high] and is not worse than it is, nothing about this point can change: the engine does not ask.
    // Without this call it asks at every change. Bounds belong to it: the limit itself is inside where "above" is meant.
    void stay_quiet(std::size_t row, double low, double high) noexcept {
        quiet_low[row] = low;
        quiet_high[row] = high;
    }
    // Asks for this point again then, with its input as it is then. For policies that follow time: rates, missing updates.
    void look_again(std::size_t row, MonotonicTime at) noexcept { look_at[row] = at.time_since_epoch().count(); }
};

class AlarmPolicy {
public:
    virtual ~AlarmPolicy() = default;
    [[nodiscard]] virtual PolicyShape shape() const = 0;
    // The verdict of a row replaces what was said of its point before. The columns are the host's, and gone after the call.
    virtual void evaluate(const PolicyInputs& in, PolicyVerdicts& out) = 0;

    // --- for a policy that remembers something of a point ---
    // Points are 0 to count - 1. Once.
    virtual void resize(std::size_t count) { (void)count; }
    // What it must remember over a restart (hysteresis, windows); every minute. Times as ages: now - time. Empty: nothing.
    [[nodiscard]] virtual std::string save(MonotonicTime now) const {
        (void)now;
        return {};
    }
    // The inverse, with as many points; throws if it makes no sense (then it begins anew, and that is told).
    virtual void restore(std::string_view state, MonotonicTime now) {
        (void)state;
        (void)now;
    }
    // After a restart, behind restore(): which of the point's conditions held last, bit n = outputs[n], as the records of its alarms
    // say. They are newer than what was saved, so a hysteresis goes by them.
    virtual void recall(PointId point, std::uint8_t holds) {
        (void)point;
        (void)holds;
    }
};

}  // namespace penstock

#include <penstock/detail/alarm_policy_adapter.hpp>
