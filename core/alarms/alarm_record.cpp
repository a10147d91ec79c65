#include "core/alarms/alarm_record.hpp"

#include <cmath>
#include <utility>

#include "core/alarms/alarm_filter.hpp"
#include "core/base/readable.hpp"

namespace penstock::alarms {
namespace {

enum Bit : unsigned { holds = 3, to_confirm, silenced, shelved, one_shot, suppressed, out_of_service };

std::string reason_of(const Transition& transition, const AlarmCatalog& alarms) {
    const bool is_rule = transition.event == AlarmEvent::suppressed || transition.event == AlarmEvent::unsuppressed;
    if (!is_rule) return transition.comment;
    return suppression_reason(alarms, transition.rule);
}

}  // namespace

std::uint16_t pack_state(const AlarmState& state) noexcept {
    unsigned bits = static_cast<unsigned>(state.base);
    const auto set = [&bits](Bit bit, bool is_so) { bits |= static_cast<unsigned>(is_so) << bit; };
    set(holds, state.holds);
    set(to_confirm, state.to_confirm);
    set(silenced, state.is_silenced);
    set(shelved, state.is_shelved);
    set(one_shot, state.is_one_shot);
    set(suppressed, state.is_suppressed);
    set(out_of_service, state.is_out_of_service);
    return static_cast<std::uint16_t>(bits);
}

AlarmState unpack_state(std::uint16_t flags) noexcept {
    const auto has = [flags](Bit bit) { return ((flags >> bit) & 1U) != 0; };
    AlarmState state;
    state.base = static_cast<Base>(flags & 7U);
    if (state.base > Base::returned_unconfirmed) state.base = Base::normal;  // of a later version
    state.holds = has(holds);
    state.to_confirm = has(to_confirm);
    state.is_silenced = has(silenced);
    state.is_shelved = has(shelved);
    state.is_one_shot = has(one_shot);
    state.is_suppressed = has(suppressed);
    state.is_out_of_service = has(out_of_service);
    return state;
}

Value judged_value(const Judged& judged, const AlarmView& alarm, const tags::TagCatalog& tags) {
    if (is_bad(judged.quality)) return {};
    if (alarm.tag == tags::kNoTag) return Value(judged.word != 0);  // another alarm's state
    const auto type = tags.type(alarm.tag);
    return is_scalar_word(type) ? Value::from_word(type, judged.word) : Value();
}

std::string filled(std::string_view text, const AlarmView& alarm, const tags::TagCatalog& tags, const Value& value,
                   double limit) {
    if (text.find('{') == std::string_view::npos) return std::string(text);
    TextParts parts;
    parts.value = value.has_value() ? base::readable(value) : "–";
    parts.limit = std::isnan(limit) ? "–" : base::readable(Value(limit));
    parts.alarm = alarm.name;
    parts.area = alarm.area;
    if (alarm.tag != tags::kNoTag) {
        const auto tag = tags.view(alarm.tag);
        parts.unit = tag.unit;
        parts.tag = tag.name;
    }
    return fill_text(text, parts);
}

std::string shown_text(const AlarmCatalog& alarms, const AlarmView& alarm, const tags::TagCatalog& tags, const Value& value,
                       double limit, std::size_t language) {
    return filled(alarms.text(alarm.id, language), alarm, tags, value, limit);
}

Event to_event(const Transition& transition, const AlarmCatalog& alarms, const tags::TagCatalog& tags) {
    const auto alarm = alarms.view(transition.alarm);
    const auto value = judged_value(transition.judged, alarm, tags);
    Event event;
    event.kind = EventKind::alarm;
    event.area = alarm.area;
    event.user = transition.who.user;
    event.station = transition.who.station;
    event.object = alarm.name;
    event.text = "alarm.";
    event.text += to_string(transition.event);
    if (transition.event == AlarmEvent::raised)
        event.parameters.push_back(shown_text(alarms, alarm, tags, value, transition.judged.limit));
    else if (auto reason = reason_of(transition, alarms); !reason.empty())
        event.parameters.push_back(std::move(reason));
    if (is_of_process(transition.event)) event.new_value = value;
    auto& step = event.alarm.emplace();
    step.alarm = transition.alarm;
    step.event = transition.event;
    step.state = shown(transition.to);
    step.flags = pack_state(transition.to);
    step.occurrence = transition.occurrence;
    step.priority = alarm.priority;
    step.alarm_class = alarms.classes()[alarm.alarm_class].name;
    step.limit = transition.judged.limit;
    step.quality = transition.judged.quality;
    step.rule = transition.rule;
    step.judged_at = utc_from_ns(transition.judged.time);
    step.shelved_until = transition.shelved_until;
    return event;
}

std::optional<Transition> to_transition(const Event& event) {
    if (event.kind != EventKind::alarm || !event.alarm) return std::nullopt;
    const auto& step = *event.alarm;
    Transition transition;
    transition.alarm = step.alarm;
    transition.event = step.event;
    transition.to = unpack_state(step.flags);
    transition.occurrence = step.occurrence;
    if (const bool has_word = event.new_value.has_value() && is_scalar_word(event.new_value.type()); has_word)
        transition.judged.word = event.new_value.word();
    transition.judged.limit = step.limit;
    transition.judged.quality = step.quality;
    transition.judged.time = to_ns(step.judged_at);
    transition.who = {event.user, event.station};
    if (!is_of_process(step.event) && !event.parameters.empty()) transition.comment = event.parameters[0];
    transition.rule = step.rule;
    transition.shelved_until = step.shelved_until;
    return with_occurrence(std::move(transition), event.position);
}

}  // namespace penstock::alarms
