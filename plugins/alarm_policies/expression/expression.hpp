#pragma once

// The condition is the input itself: an expression that gives a bool.

#include <penstock/alarm_policy.hpp>

namespace penstock::expression {

class Expression final : public AlarmPolicy {
public:
    explicit Expression(Settings) {}
    [[nodiscard]] PolicyShape shape() const override { return {.outputs = {"active"}, .parameters = {}, .wants_bad = false}; }
    void evaluate(const PolicyInputs& in, PolicyVerdicts& out) override;
};

}  // namespace penstock::expression
