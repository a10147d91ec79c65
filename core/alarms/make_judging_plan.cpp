#include "core/alarms/make_judging_plan.hpp"

#include <algorithm>
#include <map>
#include <utility>
#include <vector>

namespace penstock::alarms {
namespace {

struct KnownPolicy {
    PolicyNumber number = 0;
    PolicyShape shape;
};

Error unknown(std::string_view what, std::string_view name, std::string_view policy) {
    return {ErrorCode::invalid_config,
            "the policy " + std::string(policy) + " has no " + std::string(what) + " \"" + std::string(name) + "\""};
}

Result<void> place(const PointView& point, const KnownPolicy& policy, std::vector<PointParameter>& parameters,
                   std::vector<PointOutput>& outputs) {
    parameters.assign(policy.shape.parameters.size(), {});
    outputs.assign(policy.shape.outputs.size(), {});
    for (const auto& binding : point.parameters) {
        const auto at = std::ranges::find(policy.shape.parameters, binding.name);
        if (at == policy.shape.parameters.end()) return std::unexpected(unknown("parameter", binding.name, point.policy));
        auto& parameter = parameters[static_cast<std::size_t>(at - policy.shape.parameters.begin())];
        parameter.number = binding.number;
        parameter.tag = binding.tag;
    }
    for (const auto& use : point.outputs) {
        const auto at = std::ranges::find(policy.shape.outputs, use.name);
        if (at == policy.shape.outputs.end()) return std::unexpected(unknown("output", use.name, point.policy));
        outputs[static_cast<std::size_t>(at - policy.shape.outputs.begin())] =
            use.rule == 0 ? PointOutput::raises(use.alarm) : PointOutput::suppresses(use.rule);
    }
    return {};
}

}  // namespace

Result<JudgingPlan> make_judging_plan(const AlarmCatalog& alarms, const PolicyMaker& make) {
    JudgingPlan plan;
    std::map<std::string, KnownPolicy, std::less<>> policies;
    std::vector<PointParameter> parameters;
    std::vector<PointOutput> outputs;
    for (std::size_t number = 0; number < alarms.points(); ++number) {
        const auto point = alarms.point(number);
        auto known = policies.find(point.policy);
        if (known == policies.end()) {
            auto made = make(std::string(point.policy));
            if (!made) return std::unexpected(std::move(made).error());
            KnownPolicy policy;
            policy.shape = (*made)->shape();
            policy.number = plan.add_policy(*std::move(made));
            known = policies.emplace(point.policy, std::move(policy)).first;
        }
        if (auto placed = place(point, known->second, parameters, outputs); !placed)
            return std::unexpected(std::move(placed).error());
        PointInput input;
        input.tag = point.tag;
        if (point.alarm) input.alarm = *point.alarm;
        plan.add_point(known->second.number, input, parameters, outputs);
    }
    for (const auto& rule : alarms.suppressions()) plan.add_rule(rule.id, rule.targets);
    for (const auto& enabling : alarms.enablings()) plan.enable_by(enabling.alarm, enabling.tag);
    for (const auto& delay : alarms.bound_delays()) plan.delay_by(delay.alarm, delay.is_on_delay, delay.tag);
    return plan;
}

}  // namespace penstock::alarms
