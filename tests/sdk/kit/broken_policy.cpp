// An alarm policy with one fault at a time, chosen by its settings, to show that the conformance kit finds each.
#include <algorithm>
#include <cmath>
#include <cstdlib>

#include <penstock/alarm_policy.hpp>
#include <penstock/plugin.hpp>
#include <penstock/testing/alarm_policy_conformance.hpp>

namespace penstock {
namespace {

using namespace penstock::testing;

// Above a limit, with a hysteresis.
class BrokenPolicy final : public AlarmPolicy {
public:
    explicit BrokenPolicy(Settings settings) : fault_(settings.text_or("fault", "none")) {}

    [[nodiscard]] PolicyShape shape() const override {
        if (has("names_twice")) return {.outputs = {"high", "high"}, .parameters = {"limit", "hysteresis"}};
        return {.outputs = {"high"}, .parameters = {"limit", "hysteresis"}};
    }
    void resize(std::size_t count) override {
        held_.assign(count, 0);
        first_limit_.assign(count, 0);
        is_known_.assign(count, false);
    }

    void evaluate(const PolicyInputs& in, PolicyVerdicts& out) override {
        const auto limits = in.parameter(0);
        const auto hysteresis = in.parameter(1);
        for (std::size_t row = 0; row < in.size(); ++row) {
            if (has("throws_at_nan") && std::isnan(in.number[row])) throw LinkError(ErrorCode::internal, "that is no number");
            auto& held = held_[has("mixes_points") ? 0 : in.point[row]];
            const auto limit = given_or(limit_of(in.point[row], limits[has("takes_the_first_row") ? 0 : row]), kInfinity);
            const auto back = hysteresis[row] > 0 ? hysteresis[row] : 0;
            const bool holds = !has("never_holds") && in.number[row] > limit - (held != 0 ? back : 0);
            held = holds ? 1 : 0;
            out.holds[row] = holds ? has("invents_outputs") ? 3 : 1 : 0;
            const auto edge = limit - (has("calls_too_much_quiet") ? 2 * back : back);
            if (holds)
                out.stay_quiet(row, std::nextafter(edge, kInfinity), kInfinity);
            else
                out.stay_quiet(row, -kInfinity, limit);
        }
    }

    [[nodiscard]] std::string save(MonotonicTime) const override {
        return has("saves_nothing_of_worth") ? std::string(held_.size(), '\0') : held_;
    }
    void restore(std::string_view state, MonotonicTime) override {
        if (state.size() != held_.size() && !has("takes_any_state"))
            throw LinkError(ErrorCode::protocol, "the state is of another number of points");
        held_ = state;
        held_.resize(is_known_.size());
    }
    void recall(PointId point, std::uint8_t holds) override {
        if (has("recalls_for_all")) std::ranges::fill(held_, static_cast<char>(holds & 1U));
        held_[point] = static_cast<char>(holds & 1U);
    }

private:
    [[nodiscard]] bool has(std::string_view fault) const { return fault_ == fault; }
    double limit_of(PointId point, double limit) {
        if (!has("keeps_the_first_parameters")) return limit;
        if (!is_known_[point]) first_limit_[point] = limit;
        is_known_[point] = true;
        return first_limit_[point];
    }

    std::string fault_;
    std::string held_;  // by point
    std::vector<double> first_limit_;
    std::vector<bool> is_known_;
};

AlarmPolicyKit kit() {
    const char* const fault = std::getenv("PENSTOCK_KIT_FAULT");
    return {.settings = std::string(R"({"fault": ")") + (fault == nullptr ? "none" : fault) + R"("})",
            .parameters = {{"limit", 80}, {"hysteresis", 3}},
            .values = {0, 50, 73, 76, 78, 79, 81, 90}};
}
PENSTOCK_ALARM_POLICY_CLASS_CONFORMANCE(BrokenPolicy, kit());

}  // namespace
}  // namespace penstock
