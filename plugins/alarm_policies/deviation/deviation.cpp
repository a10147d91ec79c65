#include "deviation.hpp"

#include <algorithm>
#include <cmath>

namespace penstock::deviation {
namespace {

enum Parameter : std::size_t { kSetpoint, kBelow, kAbove, kHysteresis };
constexpr std::uint8_t kLow = 1, kHigh = 2;

}  // namespace

PolicyShape Deviation::shape() const {
    return {.outputs = {"low", "high"}, .parameters = {"setpoint", "low", "high", "hysteresis"}, .wants_bad = false};
}

void Deviation::set(PointId point, std::size_t parameter, double value) {
    auto& its = points_[point];
    const auto or_never = std::isnan(value) ? kInfinity : std::fabs(value);
    switch (parameter) {
        case kSetpoint: its.setpoint = value; break;
        case kBelow: its.below = or_never; break;
        case kAbove: its.above = or_never; break;
        default: its.hysteresis = value > 0 ? value : 0; break;
    }
}

void Deviation::evaluate(const PolicyInputs& in, PolicyVerdicts& out) {
    for (std::size_t row = 0; row < in.size(); ++row) {
        auto& point = points_[in.point[row]];
        const auto value = in.number[row];
        if (std::isnan(point.setpoint)) {
            point.holds = out.holds[row] = 0;
            out.stay_quiet(row, -kInfinity, kInfinity);
            continue;
        }
        const auto back = [&](std::uint8_t bit) { return (point.holds & bit) != 0 ? point.hysteresis : 0; };
        const bool is_low = value < point.setpoint - point.below + back(kLow);
        const bool is_high = value > point.setpoint + point.above - back(kHigh);
        point.holds = out.holds[row] = static_cast<std::uint8_t>((is_low ? kLow : 0) | (is_high ? kHigh : 0));
        const auto low_edge = point.setpoint - point.below + back(kLow);
        const auto high_edge = point.setpoint + point.above - back(kHigh);
        if (is_low)
            out.stay_quiet(row, -kInfinity, std::nextafter(low_edge, -kInfinity));
        else if (is_high)
            out.stay_quiet(row, std::nextafter(high_edge, kInfinity), kInfinity);
        else
            out.stay_quiet(row, low_edge, high_edge);
    }
}

std::string Deviation::save(MonotonicTime) const {
    std::string state(points_.size(), '\0');
    std::ranges::transform(points_, state.begin(), [](const Point& point) { return static_cast<char>(point.holds); });
    return state;
}

void Deviation::restore(std::string_view state, MonotonicTime) {
    if (state.size() != points_.size())
        throw LinkError(ErrorCode::protocol, "the state is of " + std::to_string(state.size()) + " points; there are "
                                                 + std::to_string(points_.size()));
    for (std::size_t n = 0; n < state.size(); ++n) points_[n].holds = static_cast<std::uint8_t>(state[n]) & (kLow | kHigh);
}

}  // namespace penstock::deviation
