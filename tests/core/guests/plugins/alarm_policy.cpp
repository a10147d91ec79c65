// A policy of one comparison.

#include <penstock/alarm_policy.hpp>
#include <penstock/plugin.hpp>

namespace {

class Positive final : public penstock::AlarmPolicy {
public:
    explicit Positive(penstock::Settings) {}
    [[nodiscard]] penstock::PolicyShape shape() const override { return {.outputs = {"positive"}, .parameters = {}}; }
    void evaluate(const penstock::PolicyInputs& in, penstock::PolicyVerdicts& out) override {
        for (std::size_t row = 0; row < in.size(); ++row) out.holds[row] = in.number[row] > 0 ? 1 : 0;
    }
};

}  // namespace

PENSTOCK_PLUGIN(Positive, "alarm_policy.positive", "1.0.0", "{}");
