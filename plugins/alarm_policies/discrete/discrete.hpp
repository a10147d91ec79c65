#pragma once

// A state that should not be: a bool, or a number that says which state it is ("tripped" = 3).

#include <penstock/alarm_policy.hpp>

namespace penstock::discrete {

class Discrete final : public AlarmPolicy {
public:
    explicit Discrete(Settings) {}
    [[nodiscard]] PolicyShape shape() const override {
        return {.outputs = {"active"}, .parameters = {"state"}, .wants_bad = false};
    }
    void evaluate(const PolicyInputs& in, PolicyVerdicts& out) override;
};

}  // namespace penstock::discrete
