#include "core/site/alarms/alarm_reader.hpp"

#include <algorithm>

#include <penstock/settings.hpp>

#include "core/base/suggest.hpp"
#include "core/site/names.hpp"

namespace penstock::site {
namespace {

std::string place_of(const SiteAlarm& alarm) {
    return std::string(alarm.file) + ":" + std::to_string(alarm.line) + ":" + std::to_string(alarm.column);
}

alarms::BadInput bad_input_of(std::string_view word) {
    if (word == "raise") return alarms::BadInput::raise;
    return word == "suppress" ? alarms::BadInput::suppress : alarms::BadInput::hold;
}

Duration duration_of(const JsonView& value) { return parse_duration(value.text()).value_or(Duration{}); }

std::string quoted_list(std::span<const alarms::PriorityStyle> priorities) {
    std::string list;
    for (const auto& priority : priorities) list += (list.empty() ? "\"" : ", \"") + priority.name + "\"";
    return list;
}

}  // namespace

void AlarmReader::read(const JsonView& object, const InstancePlace* instance) {
    const FaultList::OfInstance scope(faults_, instance);
    instance_ = instance;
    is_output_ = false;
    if (!object.is_object()) {
        drafts_.knows_all = false;
        check_object(object, alarm_format(), faults_);
        return;
    }
    own_.read(object, alarm_format(), faults_);
    const std::string_view name = take_name();
    const KnownPolicy* const policy =
        own_.is_faulty(AlarmKey::policy) ? nullptr : policies_.find(own_[AlarmKey::policy], object);
    if (policy == nullptr) {
        drafts_.knows_all = false;
        return;
    }
    point_.start(name, object, *policy, instance);
    point_.draft().is_plain = !own_.has(AlarmKey::policy);
    const bool is_told = own_.is_faulty(AlarmKey::tag) || own_.is_faulty(AlarmKey::expression);
    if (!point_.take_input(own_[AlarmKey::tag], own_[AlarmKey::expression]) && !is_told
        && !(own_.has(AlarmKey::tag) && own_.has(AlarmKey::expression)))
        add_fault(faults_, object, "an alarm wants a \"tag\" or an \"expression\"");
    enable_tag_ = own_.has(AlarmKey::enable) ? point_.take_tag(own_[AlarmKey::enable], "enable", TagUse::Kind::enabling)
                                             : std::string_view();
    if (policy->is_single())
        read_flat(*policy, name);
    else
        read_group(*policy, name);
}

// "" where it has none that others could use.
std::string_view AlarmReader::take_name() {
    const JsonView name = own_[AlarmKey::name];
    is_sound_ = false;
    if (!name.exists()) {
        drafts_.knows_all = false;
        return {};
    }
    const std::string fault = name_fault(name.text());
    if (!fault.empty()) {
        add_fault(faults_, name, "the alarm's name " + in_quotes(name.text()) + " " + fault);
        return {};
    }
    const auto next = static_cast<std::uint32_t>(alarms_.alarms.size());
    const std::uint32_t first = entries_.insert(name.text(), next);
    if (first != NameTable::kNone) {
        const bool is_known = first < alarms_.alarms.size();
        add_fault(faults_, name,
                  "the alarm " + in_quotes(name.text()) + " is here a second time"
                      + (is_known ? "; the first is at " + place_of(alarms_.alarms[first]) : ""));
        return {};
    }
    is_sound_ = true;
    return name.text();
}

void AlarmReader::read_flat(const KnownPolicy& policy, std::string_view name) {
    for (const JsonView member : own_.others()) {
        if (const auto parameter = policy.parameter(member.key()))
            point_.take_parameter(*parameter, member);
        else
            report_unknown_key(member, alarm_format(), policy, point_.draft().is_plain, faults_);
    }
    const auto place = add_alarm(name, own_[AlarmKey::was].text(), own_.object());
    point_.take_output(policy.outputs.front(), place);
    const JsonView hides = own_[AlarmKey::hides];
    if (hides.is_array()) drafts_.hidings.push_back({hides, instance_, place, {}});
    if (hides.boolean())
        add_fault(faults_, hides, "\"hides\" is true, which is for a group of limits; wanted the names of alarms");
}

void AlarmReader::read_group(const KnownPolicy& policy, std::string_view name) {
    const auto first = static_cast<alarms::AlarmPlace>(alarms_.alarms.size());
    std::vector<JsonView> outputs;
    for (const JsonView member : own_.others()) {
        if (policy.output(member.key()))
            outputs.push_back(member);
        else if (const auto parameter = policy.parameter(member.key()))
            point_.take_parameter(*parameter, member);
        else
            report_unknown_key(member, alarm_format(), policy, point_.draft().is_plain, faults_);
    }
    for (const JsonView output : outputs) read_output(output, *policy.output(output.key()), policy, name);
    if (outputs.empty())
        add_fault(faults_, own_.object(),
                  "the policy " + in_quotes(policy.name) + " has nothing to raise here; wanted at least one of "
                      + policy.output_list());
    take_group_hides(first);
}

void AlarmReader::read_output(const JsonView& object, std::string_view output, const KnownPolicy& policy,
                              std::string_view name) {
    if (!object.is_object()) {
        drafts_.knows_all = false;
        return add_fault(
            faults_, object,
            in_quotes(object.key()) + " is " + object.found() + "; wanted an object: its limit, priority, text and so on");
    }
    output_.read(object, alarm_output_format(), faults_);
    is_output_ = true;
    take_limit(output, policy);
    const auto full = [&](std::string_view group) {
        return group.empty() ? std::string_view()
                             : context_.content.made_texts.keep(std::string(group) + "." + std::string(output));
    };
    const auto place = add_alarm(full(name), full(own_[AlarmKey::was].text()), object);
    point_.take_output(output, place);
    take_output_hides(place);
    is_output_ = false;
}

// The parameter that is called as the output.
void AlarmReader::take_limit(std::string_view output, const KnownPolicy& policy) {
    const auto parameter = policy.parameter(output);
    const JsonView limit = output_[AlarmKey::limit];
    if (output_.is_faulty(AlarmKey::limit)) return;
    if (parameter && limit.exists()) return point_.take_parameter(*parameter, limit);
    if (parameter)
        add_fault(faults_, output_.object(),
                  "\"limit\" is missing in \"" + std::string(output) + "\"; wanted "
                      + wanted(*find_key(alarm_output_format(), "limit")));
    else if (limit.exists())
        add_key_fault(faults_, limit,
                      "\"" + std::string(output) + "\" of the policy " + in_quotes(policy.name) + " has no limit");
}

// high_high hides high, low_low hides low.
void AlarmReader::take_group_hides(alarms::AlarmPlace first) {
    const JsonView hides = own_[AlarmKey::hides];
    if (!hides.exists()) return;
    if (hides.is_array())
        return add_fault(faults_, hides, "which alarm of the group hides these? wanted true, or the key inside of that alarm");
    const auto& point = point_.row();
    const auto place_of_output = [&](std::string_view output) {
        for (std::uint32_t i = 0; i < point.output_count; ++i) {
            const auto& row = alarms_.outputs[point.outputs + i];
            if (row.name == output) return row.alarm;
        }
        return alarms::kNoPlace;
    };
    bool is_any = false;
    for (const auto& [by, target] : {std::pair("high_high", "high"), std::pair("low_low", "low")}) {
        const auto place = place_of_output(by);
        const auto hidden = place_of_output(target);
        if (place == alarms::kNoPlace || hidden == alarms::kNoPlace) continue;
        is_any = true;
        drafts_.hidings.push_back({hides, instance_, place, {hidden}});
    }
    if (!is_any && alarms_.alarms.size() > first)
        add_fault(faults_, hides, "\"hides\" is true, but the group has neither high_high and high nor low_low and low");
}

void AlarmReader::take_output_hides(alarms::AlarmPlace place) {
    const JsonView hides = output_[AlarmKey::hides];
    if (hides.is_array()) drafts_.hidings.push_back({hides, instance_, place, {}});
    if (hides.boolean())
        add_fault(faults_, hides, "\"hides\" is true inside of one alarm; wanted the names of alarms, or the key in the group");
}

// --- one alarm ---

JsonView AlarmReader::value(AlarmKey key) const {
    return is_output_ && (output_.has(key) || output_.is_faulty(key)) ? output_[key] : own_[key];
}

bool AlarmReader::is_given(AlarmKey key) const {
    return own_.has(key) || own_.is_faulty(key) || (is_output_ && (output_.has(key) || output_.is_faulty(key)));
}

alarms::AlarmPlace AlarmReader::add_alarm(std::string_view name, std::string_view was, const JsonView& at) {
    alarms::AlarmDefinition alarm;
    alarm.name = name;
    alarm.was = was;
    alarm.area = own_[AlarmKey::area].text();
    alarm.file = at.source().name();
    const Place place = is_output_ ? at.key_place() : at.place();
    alarm.line = place.line;
    alarm.column = place.column;
    alarm.bad_input = bad_input_of(own_[AlarmKey::bad_quality].text());
    alarm.enable_tag = enable_tag_;
    alarm.time_to_respond = duration_of(value(AlarmKey::time_to_respond));
    alarm.screen = value(AlarmKey::screen).text();
    if (const JsonView screen = value(AlarmKey::screen); screen.exists()) drafts_.screens.push_back({screen, instance_});
    take_class(alarm);
    take_priority(alarm);
    take_texts(alarm, at);
    take_delay(AlarmKey::on_delay, alarm.on_delay, alarm.on_delay_tag);
    take_delay(AlarmKey::off_delay, alarm.off_delay, alarm.off_delay_tag);
    check_mandatory(alarm, at);
    keep(alarm, at);
    return static_cast<alarms::AlarmPlace>(alarms_.alarms.size() - 1);
}

void AlarmReader::take_class(alarms::AlarmDefinition& alarm) {
    const JsonView choice = value(AlarmKey::alarm_class);
    if (!choice.exists() || !context_.knows_settings) return;
    const auto found = std::ranges::find(alarms_.classes, choice.text(), &alarms::AlarmClass::name);
    alarm.alarm_class = static_cast<std::uint8_t>(found - alarms_.classes.begin());
    if (found != alarms_.classes.end()) return;
    alarm.alarm_class = 0;
    std::vector<std::string_view> names;
    for (const auto& known : alarms_.classes) names.push_back(known.name);
    add_fault(faults_, choice, "the class " + in_quotes(choice.text()) + " is not in \"alarm_classes\" of site.json",
              base::did_you_mean(choice.text(), names));
}

void AlarmReader::take_priority(alarms::AlarmDefinition& alarm) {
    const JsonView choice = value(AlarmKey::priority);
    if (!context_.knows_settings) return;
    if (!choice.exists()) {
        if (is_given(AlarmKey::priority)) return;
        return add_fault(faults_, is_output_ ? output_.object() : own_.object(),
                         "the key \"priority\" is missing in this alarm; wanted one of " + quoted_list(alarms_.priorities));
    }
    const auto found = std::ranges::find(alarms_.priorities, choice.text(), &alarms::PriorityStyle::name);
    if (found != alarms_.priorities.end()) {
        alarm.priority = static_cast<std::uint8_t>(found - alarms_.priorities.begin() + 1);
        return;
    }
    std::vector<std::string_view> names;
    for (const auto& known : alarms_.priorities) names.push_back(known.name);
    add_fault(faults_, choice, "the priority " + in_quotes(choice.text()) + " is none of this site",
              base::did_you_mean(choice.text(), names));
}

void AlarmReader::take_texts(alarms::AlarmDefinition& alarm, const JsonView& at) {
    const std::pair<AlarmKey, alarms::LocalText&> all[] = {{AlarmKey::text, alarm.texts},
                                                           {AlarmKey::cause, alarm.cause},
                                                           {AlarmKey::consequence, alarm.consequence},
                                                           {AlarmKey::response, alarm.response}};
    const std::size_t languages = context_.content.languages.size();
    texts_.assign(std::size(all) * languages, {});
    auto rest = std::span(texts_);
    for (const auto& [key, taken] : all) {
        const auto own = rest.first(languages);
        rest = rest.subspan(languages);
        const JsonView text = value(key);
        if (!text.exists()) continue;
        take_local_text(text, Placeholders::filled_in, context_, own);
        taken = own;
    }
    if (!is_given(AlarmKey::text))
        add_fault(faults_, at, "the key \"text\" is missing in this alarm; wanted what the operator reads");
}

void AlarmReader::take_delay(AlarmKey key, Duration& delay, std::string_view& tag) {
    const JsonView choice = value(key);
    if (choice.is_object())
        tag = point_.take_tag(choice, word_of(key), TagUse::Kind::delay);
    else
        delay = duration_of(choice);
}

void AlarmReader::check_mandatory(const alarms::AlarmDefinition& alarm, const JsonView& at) {
    if (alarm.alarm_class >= context_.mandatory.size()) return;
    std::string missing;
    for (const std::string_view word : context_.mandatory[alarm.alarm_class]) {
        const KeyFormat* const key = find_key(alarm_format(), word);
        if (key != nullptr && !is_given(alarm_key(*key)))
            missing += (missing.empty() ? "\"" : ", \"") + std::string(word) + "\"";
    }
    if (missing.empty()) return;
    add_fault(
        faults_, at,
        "the class " + in_quotes(alarms_.classes[alarm.alarm_class].name) + " wants " + missing + " of each of its alarms");
}

void AlarmReader::keep(const alarms::AlarmDefinition& alarm, const JsonView& at) {
    const auto place = static_cast<alarms::AlarmPlace>(alarms_.alarms.size());
    alarms_.builder->add(alarm);
    alarms_.alarms.push_back({alarm.name, alarm.area, alarm.file, alarm.line, alarm.column, alarm.priority});
    if (place == alarms::kMaxAlarms) add_fault(faults_, at, "a site has at most 4,000,000 alarms");
    if (alarm.name.empty()) return;
    if (alarm.name.size() > tags::kMaxTagNameBytes)
        add_fault(faults_, at,
                  "the alarm's name " + in_quotes(alarm.name) + " has " + std::to_string(alarm.name.size()) + " bytes; at most "
                      + std::to_string(tags::kMaxTagNameBytes) + " are allowed");
    const std::uint32_t first = drafts_.names.insert(alarm.name, place);
    if (first == NameTable::kNone) return;
    add_fault(
        faults_, at,
        "the alarm " + in_quotes(alarm.name) + " is here a second time; the first is at " + place_of(alarms_.alarms[first]));
}

}  // namespace penstock::site
