#pragma once

// A state that should not be: a bool, or a number that says which state it is ("tripped" = 3).

#include <vector>

#include <penstock/alarm_policy.hpp>

namespace penstock::discrete {

class Discrete final : public AlarmPolicy {
public:
    explicit Discrete(Settings) {}
    [[nodiscard]] PolicyShape shape() const override {
        return {.outputs = {"active"}, .parameters = {"state"}, .wants_bad = false};
    }
    void resize(std::size_t count) override { states_.assign(count, 1.0); }
    void set(PointId point, std::size_t parameter, double value) override;
    void evaluate(const PolicyInputs& in, PolicyVerdicts& out) override;

private:
    std::vector<double> states_;  // by point; true where the site names none
};

}  // namespace penstock::discrete
