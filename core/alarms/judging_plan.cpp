#include "core/alarms/judging_plan.hpp"

#include <algorithm>
#include <array>

namespace penstock::alarms {

PolicyNumber JudgingPlan::add_policy(std::unique_ptr<guests::PolicyInstance> policy) {
    const auto& shape = policy->shape();
    std::vector<std::uint8_t> limit_of;
    for (const auto& output : shape.outputs) {
        const auto named = std::ranges::find(shape.parameters, output);
        limit_of.push_back(named == shape.parameters.end() ? kNone
                                                           : static_cast<std::uint8_t>(named - shape.parameters.begin()));
    }
    policies_.push_back({.instance = std::move(policy), .limit_of = std::move(limit_of)});
    return static_cast<PolicyNumber>(policies_.size() - 1);
}

PointNumber JudgingPlan::add_point(PolicyNumber policy, PointInput input, std::span<const PointParameter> parameters,
                                   std::span<const PointOutput> outputs) {
    const auto number = static_cast<PointNumber>(points_.size());
    auto& instance = *policies_[policy].instance;
    const auto& shape = instance.shape();
    Point point;
    point.is_of_alarm = input.tag == tags::kNoTag;
    point.input = point.is_of_alarm ? input.alarm : input.tag;
    point.outputs = static_cast<std::uint32_t>(outputs_.size());
    point.policy = policy;

    for (std::size_t n = 0; n < std::min(outputs.size(), shape.outputs.size()); ++n) {
        if (outputs[n].kind() == PointOutput::Kind::unused) continue;
        outputs_.push_back(outputs[n].at(n));
        ++point.output_count;
        if (outputs[n].kind() == PointOutput::Kind::rule) point.suppresses = true;
    }
    std::array<double, kMaxPolicyParameters> numbers{};
    parameters = parameters.first(std::min(parameters.size(), shape.parameters.size()));
    for (std::size_t n = 0; n < parameters.size(); ++n) {
        const bool is_bound = parameters[n].tag != tags::kNoTag;
        numbers[n] = is_bound ? PointParameter().number : parameters[n].number;
        if (!is_bound) continue;
        instance.expect_parameter(n);
        parameters_.push_back({.point = number,
                               .tag = parameters[n].tag,
                               .number = static_cast<std::uint8_t>(n),
                               .is_bad = false,
                               .is_noted = false});
    }
    point.row = instance.add_point(std::span(numbers).first(parameters.size()));
    points_.push_back(point);
    return number;
}

void JudgingPlan::add_rule(RuleId rule, std::span<const AlarmId> targets) {
    rules_.push_back({.rule = rule,
                      .first = static_cast<std::uint32_t>(targets_.size()),
                      .count = static_cast<std::uint32_t>(targets.size())});
    targets_.insert(targets_.end(), targets.begin(), targets.end());
}

void JudgingPlan::enable_by(AlarmId alarm, tags::TagId tag) {
    enablings_.push_back({.alarm = alarm, .tag = tag, .is_noted = false});
}

void JudgingPlan::delay_by(AlarmId alarm, bool is_on_delay, tags::TagId tag) {
    delays_.push_back({.alarm = alarm, .tag = tag, .is_on_delay = is_on_delay, .is_noted = false});
}

std::vector<Dependent> JudgingPlan::dependents() const {
    std::vector<Dependent> all;
    all.reserve(points_.size() + parameters_.size() + enablings_.size());
    for (PointNumber n = 0; n < points_.size(); ++n)
        if (!points_[n].is_of_alarm) all.push_back({points_[n].input, Dependent::Kind::input, n});
    for (std::uint32_t n = 0; n < parameters_.size(); ++n) all.push_back({parameters_[n].tag, Dependent::Kind::parameter, n});
    const auto parameters = static_cast<std::uint32_t>(parameters_.size());
    for (std::uint32_t n = 0; n < delays_.size(); ++n)
        all.push_back({delays_[n].tag, Dependent::Kind::parameter, parameters + n});
    for (std::uint32_t n = 0; n < enablings_.size(); ++n) all.push_back({enablings_[n].tag, Dependent::Kind::enabling, n});
    return all;
}

}  // namespace penstock::alarms
