#include <algorithm>

#include "core/base/suggest.hpp"
#include "core/site/alarms/alarm_formats.hpp"
#include "core/site/alarms/alarm_reader.hpp"
#include "core/site/alarms/suppression.hpp"
#include "core/site/names.hpp"

namespace penstock::site {

void RuleReader::read(const JsonView& object) {
    if (!check_object(object, suppression_format(), faults_)) return;
    const std::string_view name = take_name(object.find("name"));
    if (object.find("alarm").exists() && names_a_policy(object)) return;
    const KnownPolicy* const policy = policies_.find(object.find("policy"), object);
    if (policy == nullptr) return;
    const auto output = choose_output(object, *policy);
    if (!output) return;
    point_.start(name, object, *policy, nullptr);
    point_.draft().is_plain = !object.find("policy").exists();
    take_input(object);
    take_limit(object, *output, *policy);
    for (const JsonView member : object) {
        if (find_key(suppression_format(), member.key()) == nullptr) take_parameter(member, *policy);
    }
    point_.take_output(*output, name);
    auto& rules = context_.content.alarms.rules;
    take_local_text(object.find("reason"), Placeholders::none, context_, add_reason(context_));
    drafts_.rules.push_back({object, static_cast<std::uint32_t>(rules.size()), point_.number()});
    rules.push_back({name, {}});
}

std::string_view RuleReader::take_name(const JsonView& name) {
    const std::string fault = name_fault(name.text());
    if (!fault.empty()) {
        add_fault(faults_, name, "the rule's name " + in_quotes(name.text()) + " " + fault);
        return {};
    }
    if (names_.insert(name.text(), static_cast<std::uint32_t>(names_.size())) != NameTable::kNone) {
        add_fault(faults_, name, "the rule " + in_quotes(name.text()) + " is here a second time");
        return {};
    }
    return name.text();
}

bool RuleReader::names_a_policy(const JsonView& object) {
    constexpr std::string_view kOfPolicies[] = {"policy", "output", "limit"};
    std::vector<std::string_view> keys;
    for (const KeyFormat& key : suppression_format().keys) keys.push_back(key.key);
    bool is_any = false;
    for (const JsonView member : object) {
        const bool is_known = find_key(suppression_format(), member.key()) != nullptr;
        if (is_known && std::ranges::find(kOfPolicies, member.key()) == std::end(kOfPolicies)) continue;
        is_any = true;
        add_key_fault(faults_, member,
                      "a rule on an alarm holds while that alarm is there to be seen; it has no " + in_quotes(member.key()),
                      is_known ? "" : base::did_you_mean(member.key(), keys));
    }
    return is_any;
}

std::optional<std::string_view> RuleReader::choose_output(const JsonView& object, const KnownPolicy& policy) {
    const JsonView choice = object.find("output");
    if (!choice.exists()) {
        if (policy.is_single()) return policy.outputs.front();
        add_fault(
            faults_, object.find("policy"),
            "the policy " + in_quotes(policy.name) + " has several outputs; wanted \"output\": one of " + policy.output_list());
        return std::nullopt;
    }
    if (const auto output = policy.output(choice.text())) return output;
    add_fault(faults_, choice, "the policy " + in_quotes(policy.name) + " has no output " + in_quotes(choice.text()),
              base::did_you_mean(choice.text(), policy.outputs));
    return std::nullopt;
}

// The parameter that is called as the output.
void RuleReader::take_limit(const JsonView& object, std::string_view output, const KnownPolicy& policy) {
    const JsonView limit = object.find("limit");
    const auto parameter = policy.parameter(output);
    if (parameter && limit.exists()) return point_.take_parameter(*parameter, limit);
    if (parameter)
        add_fault(faults_, object,
                  "\"limit\" is missing in this rule; wanted " + wanted(*find_key(suppression_format(), "limit")));
    else if (limit.exists())
        add_key_fault(faults_, limit, in_quotes(output) + " of the policy " + in_quotes(policy.name) + " has no limit");
}

void RuleReader::take_parameter(const JsonView& member, const KnownPolicy& policy) {
    if (policy.output(member.key()) && policy.parameter(member.key()))
        return add_key_fault(
            faults_, member,
            "a rule follows one output of its policy; wanted \"output\": " + in_quotes(member.key()) + " with \"limit\"");
    if (const auto parameter = policy.parameter(member.key())) return point_.take_parameter(*parameter, member);
    report_unknown_key(member, suppression_format(), policy, point_.draft().is_plain, faults_);
}

void RuleReader::take_input(const JsonView& object) {
    const JsonView alarm = object.find("alarm");
    const JsonView tag = object.find("tag");
    const JsonView expression = object.find("expression");
    if (alarm.exists() && (tag.exists() || expression.exists()))
        return add_fault(faults_, alarm, "there is more than one of a tag, an expression and an alarm; wanted one of them");
    if (!alarm.exists() && !tag.exists() && !expression.exists())
        return add_fault(faults_, object, "a rule wants a \"tag\", an \"expression\" or an \"alarm\"");
    if (!alarm.exists()) static_cast<void>(point_.take_input(tag, expression));
}

}  // namespace penstock::site
