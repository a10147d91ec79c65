#pragma once

// A number that rises or falls too fast: the change over a window, per second.

#include <cstdint>
#include <vector>

#include <penstock/alarm_policy.hpp>

namespace penstock::rate_of_change {

class RateOfChange final : public AlarmPolicy {
public:
    explicit RateOfChange(Settings) {}
    [[nodiscard]] PolicyShape shape() const override;
    void resize(std::size_t count) override { points_.resize(count); }
    void evaluate(const PolicyInputs& in, PolicyVerdicts& out) override;

private:
    // The window in four parts: what the value was when each began. So the rate is over three quarters of the window to all of it, and
    // a point needs no more memory the faster its tag changes.
    static constexpr std::int64_t kParts = 4;
    struct Point {
        double began[kParts];
        std::int64_t width = 0;  // of a part, ns
        std::int64_t part = -1;  // number of the newest; -1: nothing seen
        double value = 0;
    };
    [[nodiscard]] static std::int64_t width_of_part(double window);
    [[nodiscard]] static double rate(Point& point, std::int64_t width, double value, std::int64_t now);
    std::vector<Point> points_;
};

}  // namespace penstock::rate_of_change
