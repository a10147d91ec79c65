#include "limits.hpp"

#include <algorithm>
#include <cmath>

namespace penstock::limits {
namespace {

constexpr std::size_t kLimits = 4;
constexpr std::size_t kHysteresis = 4;  // the parameter behind them
constexpr bool is_low(std::size_t limit) noexcept { return limit < 2; }

}  // namespace

Limits::Point::Point() : limit{-kInfinity, -kInfinity, kInfinity, kInfinity} {}

PolicyShape Limits::shape() const {
    return {.outputs = {"low_low", "low", "high", "high_high"},
            .parameters = {"low_low", "low", "high", "high_high", "hysteresis"},
            .wants_bad = false};
}

void Limits::set(PointId point, std::size_t parameter, double value) {
    auto& its = points_[point];
    if (parameter == kHysteresis)
        its.hysteresis = value > 0 ? value : 0;
    else
        its.limit[parameter] = !std::isnan(value) ? value : is_low(parameter) ? -kInfinity : kInfinity;
}

void Limits::evaluate(const PolicyInputs& in, PolicyVerdicts& out) {
    constexpr std::size_t kAhead = 8;
    for (std::size_t row = 0; row < in.size(); ++row) {
        if (row + kAhead < in.size()) __builtin_prefetch(&points_[in.point[row + kAhead]], 1);
        auto& point = points_[in.point[row]];
        const auto value = in.number[row];
        double quiet_low = -kInfinity;
        double quiet_high = kInfinity;
        std::uint8_t holds = 0;
        for (std::size_t n = 0; n < kLimits; ++n) {
            const bool held = (point.holds >> n & 1U) != 0;
            const auto back = held ? point.hysteresis : 0;
            if (is_low(n)) {
                const auto edge = point.limit[n] + back;
                const bool beyond = value < edge;
                holds |= static_cast<std::uint8_t>(beyond ? 1U << n : 0U);
                // What holds now comes back behind the hysteresis, what does not begins at the limit.
                const auto next = point.limit[n] + (beyond ? point.hysteresis : 0);
                if (beyond)
                    quiet_high = std::min(quiet_high, std::nextafter(next, -kInfinity));
                else
                    quiet_low = std::max(quiet_low, next);
            } else {
                const auto edge = point.limit[n] - back;
                const bool beyond = value > edge;
                holds |= static_cast<std::uint8_t>(beyond ? 1U << n : 0U);
                const auto next = point.limit[n] - (beyond ? point.hysteresis : 0);
                if (beyond)
                    quiet_low = std::max(quiet_low, std::nextafter(next, kInfinity));
                else
                    quiet_high = std::min(quiet_high, next);
            }
        }
        point.holds = out.holds[row] = holds;
        out.stay_quiet(row, quiet_low, quiet_high);
    }
}

// What holds, a byte a point: it is what the hysteresis hangs on.
std::string Limits::save(MonotonicTime) const {
    std::string state(points_.size(), '\0');
    std::ranges::transform(points_, state.begin(), [](const Point& point) { return static_cast<char>(point.holds); });
    return state;
}

void Limits::restore(std::string_view state, MonotonicTime) {
    if (state.size() != points_.size())
        throw LinkError(ErrorCode::protocol, "the state is of " + std::to_string(state.size()) + " points; there are "
                                                 + std::to_string(points_.size()));
    for (std::size_t n = 0; n < state.size(); ++n) points_[n].holds = static_cast<std::uint8_t>(state[n]) & 0xFU;
}

}  // namespace penstock::limits
