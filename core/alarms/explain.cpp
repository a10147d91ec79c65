#include "core/alarms/explain.hpp"

#include <algorithm>
#include <cmath>

#include "core/alarms/alarm_filter.hpp"
#include "core/alarms/alarm_record.hpp"
#include "core/base/readable.hpp"
#include "core/tags/area_path.hpp"
#include "core/wire/time_text.hpp"

namespace penstock::alarms {
namespace {

// What one caller sees.
struct Sight {
    const AlarmCatalog& alarms;
    const tags::TagReader& reader;
    const LiveAlarms::Covers& covers;

    [[nodiscard]] bool has(tags::TagId tag) const { return covers(reader.catalog().view(tag).area); }
};

// "4.7 m", "nothing yet"
std::string value_text(tags::TagId tag, const tags::TagReader& reader) {
    const auto snapshot = reader.snapshot(tag);
    if (!snapshot.has_value) return "nothing yet";
    const auto unit = reader.catalog().view(tag).unit;
    return base::readable(snapshot.value()) + (unit.empty() ? "" : " " + std::string(unit));
}

// "clear_tank.level = 4.7 m, good", "the state of the alarm pump.off"
std::string input_text(const PointView& point, const Sight& sight) {
    const auto& reader = sight.reader;
    if (point.alarm) {
        const bool is_seen = sight.covers(sight.alarms.area(*point.alarm));
        return "the state of the alarm " + std::string(is_seen ? sight.alarms.name(*point.alarm) : tags::kHiddenName);
    }
    if (point.tag == tags::kNoTag) return {};
    if (!sight.has(point.tag)) return std::string(tags::kHiddenName);
    const auto snapshot = reader.snapshot(point.tag);
    auto text = std::string(reader.catalog().name(point.tag)) + " = " + value_text(point.tag, reader) + ", "
                + std::string(to_string(snapshot.quality));
    if (const auto cause = reader.cause(snapshot.cause); !cause.empty()) text += ": " + std::string(cause);
    return text;
}

AlarmParameter bound(std::string_view name, tags::TagId tag, const Sight& sight) {
    AlarmParameter parameter;
    parameter.name = name;
    parameter.tag = parameter.value = tags::kHiddenName;
    if (!sight.has(tag)) return parameter;
    parameter.tag = sight.reader.catalog().name(tag);
    parameter.value = value_text(tag, sight.reader);
    return parameter;
}

void add_parameters(const PointView& point, const Sight& sight, std::vector<AlarmParameter>& into) {
    for (const auto& binding : point.parameters) {
        if (binding.tag != tags::kNoTag) {
            into.push_back(bound(binding.name, binding.tag, sight));
            continue;
        }
        AlarmParameter parameter;
        parameter.name = binding.name;
        parameter.value = base::readable(Value(binding.number));
        if (!std::isnan(binding.number)) into.push_back(std::move(parameter));
    }
}

void add_delays(AlarmId alarm, const Sight& sight, std::vector<AlarmParameter>& into) {
    const auto& alarms = sight.alarms;
    const auto& rules = alarms.rules()[alarm];
    const auto add = [&](std::string_view name, Duration fixed, bool is_on_delay) {
        for (const auto& delay : alarms.bound_delays())
            if (delay.alarm == alarm && delay.is_on_delay == is_on_delay) return into.push_back(bound(name, delay.tag, sight));
        AlarmParameter parameter;
        parameter.name = name;
        parameter.value = base::readable(fixed);
        if (fixed != Duration::zero()) into.push_back(std::move(parameter));
    };
    add("on_delay", rules.on_delay, true);
    add("off_delay", rules.off_delay, false);
    for (const auto& enabling : alarms.enablings())
        if (enabling.alarm == alarm) into.push_back(bound("enable", enabling.tag, sight));
}

// "unacknowledged since 2026-...Z; raised when clear_tank.level was 4.7 m, the limit 4.5 m"
std::string state_sentence(const AlarmInfo& info) {
    auto sentence = base::in_words(to_string(info.state));
    if (info.since == UtcTime{}) return sentence;
    sentence += " since " + wire::utc_text(info.since);
    const auto with_unit = [&](const Value& value) {
        return base::readable(value) + (info.unit.empty() ? "" : " " + info.unit);
    };
    if (info.raised != UtcTime{} && info.value.has_value() && !info.tag.empty()) {
        sentence += "; judged by " + info.tag + " = " + with_unit(info.value);
        if (info.limit.has_value()) sentence += ", limit " + with_unit(info.limit);
    }
    if (!info.acknowledged_by.empty())
        sentence += "; acknowledged by " + info.acknowledged_by + " at " + wire::utc_text(info.acknowledged);
    if (!info.shelved_by.empty()) sentence += "; shelved by " + info.shelved_by;
    if (info.shelved_until != UtcTime{}) sentence += " until " + wire::utc_text(info.shelved_until);
    if (!info.reason.empty()) sentence += "; because: " + info.reason;
    return sentence;
}

}  // namespace

ExplainAlarmReply explain(AlarmId alarm, const AlarmCatalog& alarms, LiveAlarms& live, const tags::TagReader& reader,
                          const LiveAlarms::Covers& covers, std::size_t language) {
    const Sight sight{alarms, reader, covers};
    const auto view = alarms.view(alarm, language);
    ExplainAlarmReply reply;
    reply.info = live.info(alarm, language);
    if (view.tag != tags::kNoTag && !sight.has(view.tag)) reply.info.tag = tags::kHiddenName;
    reply.state_sentence = state_sentence(reply.info);
    const auto limit = reply.info.limit.as_double_or(NAN);
    const auto help = [&](std::string_view text) { return filled(text, view, reader.catalog(), reply.info.value, limit); };
    reply.cause = help(view.cause);
    reply.consequence = help(view.consequence);
    reply.response = help(view.response);
    reply.time_to_respond = view.time_to_respond;
    reply.origin = std::string(view.file) + ":" + std::to_string(view.line) + ":" + std::to_string(view.column);
    if (view.point < alarms.points()) {
        const auto point = alarms.point(view.point);
        reply.policy = std::string(point.policy.substr(point.policy.find('.') + 1)) + ": " + std::string(view.output);
        reply.input = input_text(point, sight);
        add_parameters(point, sight, reply.parameters);
    }
    add_delays(alarm, sight, reply.parameters);
    for (const auto rule : live.suppressed_by(alarm)) reply.suppressed_by.push_back(suppression_reason(alarms, rule, language));
    for (const auto& rule : alarms.suppressions())
        if (std::ranges::find(rule.targets, alarm) != rule.targets.end())
            reply.suppressed_if.push_back(suppression_reason(alarms, rule.id, language));
    return reply;
}

}  // namespace penstock::alarms
