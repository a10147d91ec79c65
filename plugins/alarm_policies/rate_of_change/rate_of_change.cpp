#include "rate_of_change.hpp"

#include <algorithm>
#include <cmath>

namespace penstock::rate_of_change {
namespace {

enum Parameter : std::size_t { kRising, kFalling, kWindow };
constexpr std::uint8_t kRises = 1, kFalls = 2;

}  // namespace

PolicyShape RateOfChange::shape() const {
    return {.outputs = {"rising", "falling"}, .parameters = {"rising", "falling", "window"}, .wants_bad = false};
}

void RateOfChange::set(PointId point, std::size_t parameter, double value) {
    auto& its = points_[point];
    const auto or_never = std::isnan(value) ? kInfinity : std::fabs(value);
    if (parameter == kRising) its.rising = or_never;
    if (parameter == kFalling) its.falling = or_never;
    if (parameter != kWindow) return;
    its.window = value > 0 ? value : 10;
    its.part = -1;
}

// Goes on to now; the rate over the window that is known.
double RateOfChange::rate(Point& point, double value, std::int64_t now) {
    const auto width = std::max<std::int64_t>(std::llround(point.window * 1e9) / kParts, 1);
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
    const auto now = in.now.time_since_epoch().count();
    for (std::size_t row = 0; row < in.size(); ++row) {
        auto& point = points_[in.point[row]];
        const auto change = rate(point, in.number[row], now);
        out.holds[row] =
            static_cast<std::uint8_t>((change > point.rising ? kRises : 0) | (-change > point.falling ? kFalls : 0));
        // While anything lies in the window the rate changes by itself.
        const bool is_still = std::ranges::all_of(point.began, [&](double began) { return began == point.value; });
        if (!is_still) out.look_again(row, in.now + Duration(std::llround(point.window * 1e9) / kParts));
    }
}

}  // namespace penstock::rate_of_change
