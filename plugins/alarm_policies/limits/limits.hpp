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
    void resize(std::size_t count) override { holds_.resize(count); }
    void evaluate(const PolicyInputs& in, PolicyVerdicts& out) override;
    [[nodiscard]] std::string save(MonotonicTime now) const override;
    void restore(std::string_view state, MonotonicTime now) override;
    void recall(PointId point, std::uint8_t holds) override { holds_[point] = holds & 0xFU; }

private:
    std::vector<std::uint8_t> holds_;  // by point, a bit a limit: what the hysteresis hangs on
};

}  // namespace penstock::limits
