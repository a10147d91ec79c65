#pragma once

// The value itself does not matter: that it cannot be trusted does, or that it has not moved for too long.

#include <penstock/alarm_policy.hpp>

namespace penstock::quality {

class Quality final : public AlarmPolicy {
public:
    explicit Quality(Settings) {}
    // no_update: seconds without a change of value or quality.
    [[nodiscard]] PolicyShape shape() const override {
        return {.outputs = {"bad", "uncertain", "no_update"}, .parameters = {"no_update"}, .wants_bad = true};
    }
    void evaluate(const PolicyInputs& in, PolicyVerdicts& out) override;
};

}  // namespace penstock::quality
