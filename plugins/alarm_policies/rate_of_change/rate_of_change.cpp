#include "rate_of_change.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

namespace penstock::rate_of_change {
namespace {

enum Parameter : std::size_t { kRising, kFalling, kWindow };
constexpr std::uint8_t kRises = 1, kFalls = 2;

}  // namespace

PolicyShape RateOfChange::shape() const {
    return {.outputs = {"rising", "falling"}, .parameters = {"rising", "falling", "window"}, .wants_bad = false};
}

std::int64_t RateOfChange::width_of_part(double window) {
    constexpr double kLongest = 1e9;
    const auto seconds = window > 0 ? std::min(window, kLongest) : 10;
    return std::max<std::int64_t>(std::llround(seconds * 1e9) / kParts, 1);
}

// Goes on to now; the rate over the window that is known.
double RateOfChange::rate(Point& point, std::int64_t width, double value, std::int64_t now) {
    if (std::exchange(point.width, width) != width) point.part = -1;
    const auto part = now / width;
    if (point.part < 0 || part - point.part > 2 * kParts) {
        std::ranges::fill(point.began, point.part < 0 ? value : point.value);
        point.part = part;
    }
    for (; point.part < part; ++point.part) point.began[(point.part + 1) % kParts] = point.value;
    point.value = value;
    const auto oldest = (part + 1) % kParts;
    const auto age = static_cast<double>(now - (part - kParts + 1) * width) * 1e-9;
    return (value - point.began[oldest]) / age;
}

void RateOfChange::evaluate(const PolicyInputs& in, PolicyVerdicts& out) {
    const auto rising = in.parameter(kRising);
    const auto falling = in.parameter(kFalling);
    const auto window = in.parameter(kWindow);
    const auto now = in.now.time_since_epoch().count();
    for (std::size_t row = 0; row < in.size(); ++row) {
        auto& point = points_[in.point[row]];
        const auto width = width_of_part(window[row]);
        const auto change = rate(point, width, in.number[row], now);
        const bool rises = change > std::fabs(given_or(rising[row], kInfinity));
        const bool falls = -change > std::fabs(given_or(falling[row], kInfinity));
        out.holds[row] = static_cast<std::uint8_t>((rises ? kRises : 0) | (falls ? kFalls : 0));
        // While anything lies in the window the rate changes by itself.
        const bool is_still = std::ranges::all_of(point.began, [&](double began) { return began == point.value; });
        if (!is_still) out.look_again(row, in.now + Duration(width));
    }
}

}  // namespace penstock::rate_of_change
