#pragma once

// The usual alarm: a number above or below up to four limits, each with its own priority and text. A limit is passed when the value is
// beyond it, and no more when it has come back behind it by the hysteresis.

#include <cstdint>
#include <vector>

#include <penstock/alarm_policy.hpp>

namespace penstock::limits {

class Limits final : public AlarmPolicy {
public:
    explicit Limits(Settings) {}
    [[nodiscard]] PolicyShape shape() const override;
    void resize(std::size_t count) override { points_.resize(count); }
    void set(PointId point, std::size_t parameter, double value) override;
    void evaluate(const PolicyInputs& in, PolicyVerdicts& out) override;
    [[nodiscard]] std::string save(MonotonicTime now) const override;
    void restore(std::string_view state, MonotonicTime now) override;
    void recall(PointId point, std::uint8_t holds) override { points_[point].holds = holds & 0xFU; }

private:
    // A point fills less than a cache line: a row costs one.
    struct Point {
        double limit[4];  // low_low, low, high, high_high; infinite where there is none
        double hysteresis = 0;
        std::uint8_t holds = 0;
        Point();
    };
    std::vector<Point> points_;
};

}  // namespace penstock::limits
