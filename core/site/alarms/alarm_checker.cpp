#include "core/site/alarms/alarm_checker.hpp"

#include <algorithm>
#include <cmath>

#include <penstock/operations.hpp>

#include "core/base/suggest.hpp"
#include "core/site/tag_values.hpp"

namespace penstock::site {
namespace {

std::string quoted_type(ValueType type) { return "\"" + std::string(to_string(type)) + "\""; }

const tags::TagDefinition* tag_of(std::string_view name, LoadContext& context) {
    const std::uint32_t number = context.tags.find(name);
    return number == NameTable::kNone ? nullptr : &context.content.tags[number];
}

}  // namespace

void AlarmChecker::check() {
    inputs_.assign(drafts_.points.size(), nullptr);
    for (const TagUse& use : drafts_.tags) {
        if (use.kind == TagUse::Kind::input) inputs_[use.point] = find(use);
    }
    for (const TagUse& use : drafts_.tags) check_tag(use);
    for (std::uint32_t point = 0; point < drafts_.points.size(); ++point) {
        const FaultList::OfInstance scope(faults_, drafts_.points[point].instance);
        check_area(point);
        if (drafts_.points[point].policy->name == "limits") check_limits(point);
    }
    std::vector<std::string_view> screens;
    for (const Document& document : context_.content.documents) {
        if (document.kind == DefinitionKind::screen) screens.push_back(document.name);
    }
    std::ranges::sort(screens);
    for (const ScreenUse& use : drafts_.screens) check_screen(use, screens);
}

// --- tags ---

const tags::TagDefinition* AlarmChecker::find(const TagUse& use) {
    if (use.tag.empty()) return nullptr;
    const FaultList::OfInstance scope(faults_, use.instance);
    if (const auto* const tag = tag_of(use.tag, context_)) return tag;
    if (!context_.knows_all_tags) return nullptr;
    std::string hint;
    if (faults_.may_search()) {
        std::vector<std::string_view> names;
        for (const auto& tag : context_.content.tags) names.push_back(tag.name);
        hint = base::did_you_mean(use.tag, names);
    }
    add_fault(faults_, use.at, "there is no tag " + in_quotes(use.tag), std::move(hint));
    return nullptr;
}

void AlarmChecker::check_tag(const TagUse& use) {
    const FaultList::OfInstance scope(faults_, use.instance);
    const auto* const tag = use.kind == TagUse::Kind::input ? inputs_[use.point] : find(use);
    if (tag == nullptr || tag->type == ValueType::none) return;
    const auto refuse = [&](std::string_view what) {
        const bool is_tag = use.at.key() == "tag";
        add_fault(faults_, use.at,
                  (is_tag ? "the tag " + in_quotes(use.tag) + " is of type " : "the expression gives ") + quoted_type(tag->type)
                      + "; " + std::string(what));
    };
    switch (use.kind) {
        case TagUse::Kind::input: return check_input(use, *tag);
        case TagUse::Kind::parameter: return check_parameter(use, *tag);
        case TagUse::Kind::enabling:
            if (tag->type != ValueType::boolean) refuse("what enables an alarm is true or false");
            return;
        case TagUse::Kind::delay:
            if (!is_number(tag->type)) return refuse("a delay is a number of seconds");
            if (!tag->unit.empty() && tag->unit != "s")
                add_fault(faults_, use.at,
                          "the tag " + in_quotes(use.tag) + " is in " + in_quotes(tag->unit) + "; a delay is in seconds");
    }
}

void AlarmChecker::check_input(const TagUse& use, const tags::TagDefinition& tag) {
    const PointDraft& point = drafts_.points[use.point];
    const bool is_tag = use.at.key() == "tag";
    const std::string what =
        (is_tag ? "the tag " + in_quotes(use.tag) + " is of type " : "the expression gives ") + quoted_type(tag.type);
    const bool is_bool = tag.type == ValueType::boolean;
    if (!is_bool && !is_number(tag.type))
        return add_fault(faults_, use.at, what + "; an alarm policy wants a number, true or false",
                         tag.type == ValueType::string ? "an expression compares texts: NAME == 'open'" : "");
    if (point.is_plain && !is_bool) {
        const auto has_state = [&](std::uint32_t at) { return alarms_.parameters[at].name == "state"; };
        const auto& row = alarms_.points[use.point];
        for (std::uint32_t i = 0; i < row.parameter_count; ++i) {
            if (has_state(row.parameters + i)) return;
        }
        return add_fault(faults_, use.at, what + "; an alarm that names no policy wants true or false",
                         "\"policy\": \"limits\" judges numbers");
    }
    if (point.policy->wants_number() && is_bool)
        add_fault(faults_, use.at, what + "; the policy " + in_quotes(point.policy->name) + " wants a number",
                  "\"policy\": \"discrete\" raises an alarm while it is true");
}

void AlarmChecker::check_parameter(const TagUse& use, const tags::TagDefinition& tag) {
    const bool is_tag = use.at.key() == "tag";
    if (!is_number(tag.type) && tag.type != ValueType::boolean) {
        return add_fault(faults_, use.at,
                         (is_tag ? "the tag " + in_quotes(use.tag) + " is of type " : "the expression gives ")
                             + quoted_type(tag.type) + "; a parameter of a policy is a number");
    }
    if (!drafts_.points[use.point].policy->has_unit_of_input()) return;
    const auto* const input = inputs_[use.point];
    if (input == nullptr || input->unit.empty() || tag.unit.empty() || input->unit == tag.unit) return;
    add_fault(faults_, use.at,
              (is_tag ? "the tag " + in_quotes(use.tag) + " is in " : "the expression is in ") + in_quotes(tag.unit)
                  + ", but what is judged, " + in_quotes(input->name) + ", is in " + in_quotes(input->unit));
}

// --- areas, screens ---

void AlarmChecker::check_area(std::uint32_t number) {
    const PointDraft& point = drafts_.points[number];
    if (point.alarm_count == 0) return;
    const std::string_view own = alarms_.alarms[point.first_alarm].area;
    if (own.empty()) {
        const auto* const tag = inputs_[number];
        if (tag == nullptr) return;
        for (auto place = point.first_alarm; place < point.first_alarm + point.alarm_count; ++place) {
            alarms_.alarms[place].area = tag->area;
            alarms_.builder->set_area(place, tag->area);
        }
        return;
    }
    if (own == last_area_ || !context_.knows_settings) return;
    if (context_.has_area(own)) {
        last_area_ = own;
        return;
    }
    add_fault(faults_, point.object.find("area"), "the area " + in_quotes(own) + " is not in site.json",
              base::did_you_mean(own, std::span<const std::string>(context_.content.areas)));
}

void AlarmChecker::check_screen(const ScreenUse& use, const std::vector<std::string_view>& screens) {
    if (std::ranges::binary_search(screens, use.at.text())) return;
    const FaultList::OfInstance scope(faults_, use.instance);
    add_fault(faults_, use.at,
              "there is no screen " + in_quotes(use.at.text()) + " (screens/" + escaped(use.at.text()) + ".json)",
              base::did_you_mean(use.at.text(), screens));
}

// --- limits ---

void AlarmChecker::check_limits(std::uint32_t number) {
    constexpr std::string_view kOrder[] = {"low_low", "low", "high", "high_high"};
    const PointRows& point = alarms_.points[number];
    const auto* const tag = inputs_[number];
    double hysteresis = 0;
    JsonView hysteresis_at;
    std::vector<std::uint32_t> limits;
    for (const std::string_view word : kOrder) {
        for (std::uint32_t i = point.parameters; i < point.parameters + point.parameter_count; ++i) {
            if (alarms_.parameters[i].name == word && alarms_.parameters[i].tag.empty()) limits.push_back(i);
        }
    }
    for (std::uint32_t i = point.parameters; i < point.parameters + point.parameter_count; ++i) {
        if (alarms_.parameters[i].name != "hysteresis" || !alarms_.parameters[i].tag.empty()) continue;
        hysteresis = alarms_.parameters[i].number;
        hysteresis_at = drafts_.parameter_at[i];
    }
    if (hysteresis < 0)
        add_fault(faults_, hysteresis_at, "the hysteresis is " + number_text(hysteresis) + "; wanted a number of at least 0");
    check_order(limits, hysteresis, hysteresis_at);
    if (tag == nullptr) return;
    for (const std::uint32_t limit : limits) check_reach(limit, *tag);
}

void AlarmChecker::check_order(std::span<const std::uint32_t> limits, double hysteresis, const JsonView& hysteresis_at) {
    for (std::size_t i = 1; i < limits.size(); ++i) {
        const auto& below = alarms_.parameters[limits[i - 1]];
        const auto& above = alarms_.parameters[limits[i]];
        const auto named = [](const alarms::ParameterDefinition& limit) {
            return "\"" + std::string(limit.name) + "\" (" + number_text(limit.number) + ")";
        };
        if (!(below.number < above.number)) {
            add_fault(faults_, drafts_.parameter_at[limits[i]], named(above) + " is not above " + named(below),
                      "wanted low_low < low < high < high_high");
        } else if (hysteresis >= above.number - below.number) {
            return add_fault(faults_, hysteresis_at,
                             "the hysteresis " + number_text(hysteresis) + " is not less than the distance from " + named(below)
                                 + " to " + named(above));
        }
    }
}

// A limit that no value can pass is one that its engineer relies on in vain. Only what is sure counts: values outside of a range are
// uncertain, but come.
void AlarmChecker::check_reach(std::uint32_t parameter, const tags::TagDefinition& tag) {
    const auto& limit = alarms_.parameters[parameter];
    const bool is_low = limit.name.starts_with("low");
    double lowest = -INFINITY;
    double highest = INFINITY;
    std::string why;
    if (tag.type == ValueType::uint64) {
        lowest = 0;
        why = "a \"uint\" is never below 0";
    }
    if (tag.scaling && tag.scaling->clamp) {
        lowest = std::min(tag.scaling->eng_low, tag.scaling->eng_high);
        highest = std::max(tag.scaling->eng_low, tag.scaling->eng_high);
        why = "its scaling keeps it between " + number_text(lowest) + " and " + number_text(highest);
    }
    if (is_low ? limit.number > lowest : limit.number < highest) return;
    add_fault(faults_, drafts_.parameter_at[parameter],
              "the limit " + number_text(limit.number) + " is never passed by the tag " + in_quotes(tag.name) + ": " + why);
}

}  // namespace penstock::site
