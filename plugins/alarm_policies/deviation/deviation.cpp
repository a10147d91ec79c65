#include "deviation.hpp"

#include <algorithm>
#include <cmath>

namespace penstock::deviation {
namespace {

enum Parameter : std::size_t { kSetpoint, kBelow, kAbove, kHysteresis };  // below, above: how far is too far
constexpr std::uint8_t kLow = 1, kHigh = 2;

}  // namespace

PolicyShape Deviation::shape() const {
    return {.outputs = {"low", "high"}, .parameters = {"setpoint", "low", "high", "hysteresis"}, .wants_bad = false};
}

void Deviation::evaluate(const PolicyInputs& in, PolicyVerdicts& out) {
    const auto setpoints = in.parameter(kSetpoint);
    const auto below = in.parameter(kBelow);
    const auto above = in.parameter(kAbove);
    const auto hysteresis = in.parameter(kHysteresis);
    for (std::size_t row = 0; row < in.size(); ++row) {
        auto& holds = holds_[in.point[row]];
        const auto setpoint = setpoints[row];
        if (std::isnan(setpoint)) {  // not known yet
            holds = out.holds[row] = 0;
            out.stay_quiet(row, -kInfinity, kInfinity);
            continue;
        }
        const auto back = [&](std::uint8_t bit) { return (holds & bit) != 0 && hysteresis[row] > 0 ? hysteresis[row] : 0; };
        const auto low = [&] { return setpoint - std::fabs(given_or(below[row], kInfinity)) + back(kLow); };
        const auto high = [&] { return setpoint + std::fabs(given_or(above[row], kInfinity)) - back(kHigh); };
        const auto value = in.number[row];
        const bool is_low = value < low();
        const bool is_high = value > high();
        holds = out.holds[row] = static_cast<std::uint8_t>((is_low ? kLow : 0) | (is_high ? kHigh : 0));
        // From here on the hysteresis of what holds now counts.
        if (is_low)
            out.stay_quiet(row, -kInfinity, std::nextafter(low(), -kInfinity));
        else if (is_high)
            out.stay_quiet(row, std::nextafter(high(), kInfinity), kInfinity);
        else
            out.stay_quiet(row, low(), high());
    }
}

std::string Deviation::save(MonotonicTime) const { return {holds_.begin(), holds_.end()}; }

void Deviation::restore(std::string_view state, MonotonicTime) {
    if (state.size() != holds_.size())
        throw LinkError(ErrorCode::protocol, "the state is of " + std::to_string(state.size()) + " points; there are "
                                                 + std::to_string(holds_.size()));
    std::ranges::transform(state, holds_.begin(), [](char byte) { return static_cast<std::uint8_t>(byte) & (kLow | kHigh); });
}

}  // namespace penstock::deviation
