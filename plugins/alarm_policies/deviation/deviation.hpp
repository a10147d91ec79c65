#pragma once

// A number too far from where it should be: below or above a setpoint, which is mostly a tag of its own.

#include <cstdint>
#include <vector>

#include <penstock/alarm_policy.hpp>

namespace penstock::deviation {

class Deviation final : public AlarmPolicy {
public:
    explicit Deviation(Settings) {}
    [[nodiscard]] PolicyShape shape() const override;
    void resize(std::size_t count) override { points_.resize(count); }
    void set(PointId point, std::size_t parameter, double value) override;
    void evaluate(const PolicyInputs& in, PolicyVerdicts& out) override;
    [[nodiscard]] std::string save(MonotonicTime now) const override;
    void restore(std::string_view state, MonotonicTime now) override;
    void recall(PointId point, std::uint8_t holds) override { points_[point].holds = holds & 3U; }

private:
    struct Point {
        double setpoint = std::numeric_limits<double>::quiet_NaN();  // not known yet: nothing holds
        double below = kInfinity, above = kInfinity;  // how far is too far
        double hysteresis = 0;
        std::uint8_t holds = 0;
    };
    std::vector<Point> points_;
};

}  // namespace penstock::deviation
