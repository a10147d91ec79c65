#include "core/site/alarms/point_reader.hpp"

#include <algorithm>

#include "core/base/suggest.hpp"
#include "core/expressions/names.hpp"
#include "core/site/alarms/alarm_formats.hpp"

namespace penstock::site {
namespace {

using Names = std::vector<expressions::Word>;

// The tag, where an expression is nothing but its name: then no other has to be made.
std::string_view lone_name(std::string_view expression, const Names& names) {
    const bool is_alone = names.size() == 1 && names.front().length == expression.size();
    return is_alone ? names.front().inner : std::string_view();
}

// Of the first that has one.
std::string_view area_of(const Names& names, LoadContext& context) {
    for (const expressions::Word& name : names) {
        const std::uint32_t tag = context.tags.find(name.inner);
        if (tag != NameTable::kNone && !context.content.tags[tag].area.empty()) return context.content.tags[tag].area;
    }
    return {};
}

}  // namespace

PointRows& PointReader::row() { return context_.content.alarms.points.back(); }
PointDraft& PointReader::draft() { return drafts_.points.back(); }

void PointReader::start(std::string_view name, const JsonView& object, const KnownPolicy& policy,
                        const InstancePlace* instance) {
    SiteAlarms& alarms = context_.content.alarms;
    PointRows point;
    point.policy = policy.id;
    point.parameters = static_cast<std::uint32_t>(alarms.parameters.size());
    point.outputs = static_cast<std::uint32_t>(alarms.outputs.size());
    alarms.points.push_back(point);
    PointDraft draft;
    draft.object = object;
    draft.instance = instance;
    draft.policy = &policy;
    draft.first_alarm = static_cast<alarms::AlarmPlace>(alarms.alarms.size());
    drafts_.points.push_back(draft);
    name_ = name;
}

bool PointReader::take_input(const JsonView& tag, const JsonView& expression) {
    if (tag.exists() && expression.exists()) {
        add_fault(context_.faults, expression, "there is a tag and an expression; wanted one of them");
        return false;
    }
    if (expression.exists()) {
        row().tag = make_tag(expression, "condition", TagUse::Kind::input);
    } else if (tag.exists()) {
        row().tag = tag.text();
        drafts_.tags.push_back({tag, tag.text(), draft().instance, number(), TagUse::Kind::input});
    }
    return tag.exists() || expression.exists();
}

void PointReader::take_parameter(std::string_view parameter, const JsonView& value) {
    KeyFormat format = policy_parameter_format();
    format.key = value.key();
    if (!check_value(value, format, context_.faults)) return;
    alarms::ParameterDefinition row_of_it{.name = parameter, .number = 0, .tag = {}};
    if (value.is_object())
        row_of_it.tag = take_tag(*value.begin(), parameter, TagUse::Kind::parameter);
    else
        row_of_it.number = value.number();
    context_.content.alarms.parameters.push_back(row_of_it);
    drafts_.parameter_at.push_back(value);
    ++row().parameter_count;
}

std::string_view PointReader::take_tag(const JsonView& value, std::string_view part, TagUse::Kind kind) {
    const JsonView named = value.is_object() ? value.find("tag") : value;
    if (named.key() != "tag") return make_tag(named, part, kind);
    drafts_.tags.push_back({named, named.text(), draft().instance, number(), kind});
    return named.text();
}

std::string_view PointReader::make_tag(const JsonView& expression, std::string_view part, TagUse::Kind kind) {
    const auto use = [&](std::string_view tag) {
        drafts_.tags.push_back({expression, tag, draft().instance, number(), kind});
        return tag;
    };
    const auto names = expressions::tag_names(expression.text()).value_or(Names());
    const std::string_view lone = lone_name(expression.text(), names);
    if (!lone.empty() && context_.tags.find(lone) != NameTable::kNone) return use(lone);
    if (name_.empty()) return {};
    TagDraft made;
    const std::string name = std::string(name_) + "." + std::string(part);
    start_made_tag(context_.content.made_texts.keep(name), expression, made);
    made.instance = draft().instance;
    made.area = area_of(names, context_);
    tags_.add(made);
    return use(made.name);
}

void PointReader::take_output(std::string_view output, alarms::AlarmPlace alarm) {
    context_.content.alarms.outputs.push_back({.name = output, .alarm = alarm, .rule = {}});
    ++row().output_count;
    ++draft().alarm_count;
}

void PointReader::take_output(std::string_view output, std::string_view rule) {
    context_.content.alarms.outputs.push_back({.name = output, .alarm = alarms::kNoPlace, .rule = rule});
    ++row().output_count;
}

void report_unknown_key(const JsonView& member, const ObjectFormat& format, const KnownPolicy& policy, bool is_plain,
                        FaultList& faults) {
    constexpr std::string_view kOfLimits[] = {"low_low", "low", "high", "high_high", "hysteresis"};
    std::vector<std::string_view> keys;
    for (const KeyFormat& known : format.keys) keys.push_back(known.key);
    keys.insert(keys.end(), policy.outputs.begin(), policy.is_single() ? policy.outputs.begin() : policy.outputs.end());
    for (const std::string_view parameter : policy.parameters) {
        if (std::ranges::find(keys, parameter) == keys.end()) keys.push_back(parameter);
    }
    const bool is_limit = is_plain && std::ranges::find(kOfLimits, member.key()) != std::end(kOfLimits);
    add_key_fault(faults, member,
                  "the key " + in_quotes(member.key()) + " is unknown in this " + std::string(format.name)
                      + (is_plain ? ", which names no policy" : " of the policy " + in_quotes(policy.name)),
                  is_limit ? "limits want \"policy\": \"limits\"" : base::did_you_mean(member.key(), keys));
}

}  // namespace penstock::site
