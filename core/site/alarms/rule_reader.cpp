#include "core/site/alarms/alarm_formats.hpp"
#include "core/site/alarms/alarm_reader.hpp"
#include "core/site/alarms/suppression.hpp"
#include "core/site/names.hpp"

namespace penstock::site {

void RuleReader::read(const JsonView& object) {
    if (!check_object(object, suppression_format(), faults_)) return;
    const std::string_view name = take_name(object.find("name"));
    const KnownPolicy* const policy = policies_.find(object.find("policy"), object);
    if (policy == nullptr) return;
    if (!policy->is_single()) {
        return add_fault(faults_, object.find("policy"),
                         "the policy " + in_quotes(policy->name) + " has more than one output; a rule wants a policy with one",
                         "an expression can say the same: NAME > 5");
    }
    point_.start(name, object, *policy, nullptr);
    point_.draft().is_plain = !object.find("policy").exists();
    take_input(object);
    for (const JsonView member : object) {
        if (find_key(suppression_format(), member.key()) != nullptr) continue;
        if (const auto parameter = policy->parameter(member.key()))
            point_.take_parameter(*parameter, member);
        else
            report_unknown_key(member, suppression_format(), *policy, point_.draft().is_plain, faults_);
    }
    point_.take_output(policy->outputs.front(), name);
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
