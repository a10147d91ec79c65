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
    void resize(std::size_t count) override { holds_.resize(count); }
    void evaluate(const PolicyInputs& in, PolicyVerdicts& out) override;
    [[nodiscard]] std::string save(MonotonicTime now) const override;
    void restore(std::string_view state, MonotonicTime now) override;
    void recall(PointId point, std::uint8_t holds) override { holds_[point] = holds & 3U; }

private:
    std::vector<std::uint8_t> holds_;  // by point: what the hysteresis hangs on
};

}  // namespace penstock::deviation
