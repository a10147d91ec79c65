#pragma once

// The numbers beside a trend and the words below it.

#include <string>
#include <vector>

#include <penstock/widget.hpp>

namespace penstock::basic {

struct TrendScale {
    double low = 0, high = 1, step = 1;  // whole steps from low to high

    // 0 = low, 1 = high; values beyond the ends stay at them.
    [[nodiscard]] float share(double value) const noexcept;
};

// Ends of 1, 2 or 5 times a power of ten around what was seen, unless the site fixes them (NaN: it does not). `steps`: about how many.
[[nodiscard]] TrendScale trend_scale(const Trend& trend, double low, double high, int steps);
// With the decimals that the step needs.
[[nodiscard]] std::string scale_text(double number, double step);
// "15 min", "4 h", "2 d", "90 s".
[[nodiscard]] std::string span_text(Duration span);

}  // namespace penstock::basic
