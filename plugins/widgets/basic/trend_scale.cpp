#include "trend_scale.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <limits>

namespace penstock::basic {
namespace {

double nice_step(double rough) {
    const auto power = std::pow(10.0, std::floor(std::log10(rough)));
    for (const double digit : {1.0, 2.0, 5.0})
        if (digit * power >= rough * (1 - 1e-9)) return digit * power;
    return 10 * power;
}

}  // namespace

float TrendScale::share(double value) const noexcept {
    return static_cast<float>(std::clamp((value - low) / (high - low), 0.0, 1.0));
}

TrendScale trend_scale(const Trend& trend, double low, double high, int steps) {
    double least = std::numeric_limits<double>::infinity(), most = -least;
    for (std::size_t i = 0; i < trend.size(); ++i) {
        if (std::isfinite(trend.minimum[i])) least = std::min(least, trend.minimum[i]);
        if (std::isfinite(trend.maximum[i])) most = std::max(most, trend.maximum[i]);
    }
    if (least > most) least = 0, most = 1;
    // A constant lies in the middle, not on an edge; a flat signal is not blown up to look like a wild one.
    const auto room = std::max((most - least), std::max(std::abs(most), std::abs(least)) * 0.01);
    if (most - least < room) {
        const auto middle = (most + least) / 2;
        least = middle - std::max(room, 1e-9) / 2;
        most = middle + std::max(room, 1e-9) / 2;
    }
    TrendScale scale;
    scale.step = nice_step(((std::isfinite(high) ? high : most) - (std::isfinite(low) ? low : least)) / std::max(steps, 1));
    if (!(scale.step > 0) || !std::isfinite(scale.step)) return {};
    scale.low = std::isfinite(low) ? low : std::floor(least / scale.step) * scale.step;
    scale.high = std::isfinite(high) ? high : std::ceil(most / scale.step) * scale.step;
    if (!(scale.high > scale.low)) scale.high = scale.low + scale.step;
    return scale;
}

std::string scale_text(double number, double step) {
    char text[48];
    const auto decimals = std::clamp(static_cast<int>(-std::floor(std::log10(step) + 1e-9)), 0, 6);
    if (std::abs(number) < step * 1e-6) number = 0;
    const auto size = std::snprintf(text, sizeof text, std::abs(number) < 1e7 ? "%.*f" : "%.*g",
                                    std::abs(number) < 1e7 ? decimals : 4, number);
    return std::string(text, static_cast<std::size_t>(std::clamp(size, 0, 47)));
}

std::string span_text(Duration span) {
    const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(span).count();
    if (seconds % 86'400 == 0) return std::to_string(seconds / 86'400) + " d";
    if (seconds % 3'600 == 0) return std::to_string(seconds / 3'600) + " h";
    if (seconds % 60 == 0) return std::to_string(seconds / 60) + " min";
    return std::to_string(seconds) + " s";
}

}  // namespace penstock::basic
