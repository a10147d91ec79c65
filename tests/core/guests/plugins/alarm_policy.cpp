// The example of the header, as it stands there.

#include <penstock/alarm_policy.hpp>
#include <penstock/plugin.hpp>

class High final : public penstock::AlarmPolicy {
public:
    explicit High(penstock::Settings) {}
    penstock::PolicyShape shape() const override { return {.outputs = {"high"}, .parameters = {"high"}}; }
    void evaluate(const penstock::PolicyInputs& in, penstock::PolicyVerdicts& out) override {
        const auto limits = in.parameter(0);
        for (std::size_t row = 0; row < in.size(); ++row) {
            const auto limit = penstock::given_or(limits[row], penstock::kInfinity);
            if (in.number[row] > limit)
                out.holds[row] = 1;
            else
                out.stay_quiet(row, -penstock::kInfinity, limit);
        }
    }
};
PENSTOCK_PLUGIN(High, "alarm_policy.high", "1.0.0", "{}");
