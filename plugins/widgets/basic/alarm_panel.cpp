#include "alarm_panel.hpp"

#include <algorithm>
#include <charconv>
#include <vector>

#include "alarm_look.hpp"

namespace penstock::basic {
namespace {

constexpr int kShow = 50, kClose = 51;
constexpr float kTitle = 24, kSmall = 13, kNormal = 16, kLarge = 20;

struct Fact {
    std::string_view label;
    std::string text;
};

// "10 min", "1 h 30 min", "45 s"
std::string span_text(Duration span) {
    const auto seconds = std::chrono::floor<std::chrono::seconds>(span).count();
    std::string text;
    const auto add = [&text](std::int64_t number, std::string_view unit) {
        if (number > 0) text.append(text.empty() ? "" : " ").append(std::to_string(number)).append(" ").append(unit);
    };
    add(seconds / 3600, "h");
    add(seconds / 60 % 60, "min");
    add(seconds % 60, "s");
    return text;
}

bool is_over(const ShownAlarm& alarm) {
    return alarm.state == AlarmStateCode::normal || alarm.state == AlarmStateCode::returned_unacknowledged
           || alarm.state == AlarmStateCode::returned_unconfirmed || alarm.state == AlarmStateCode::latched_unacknowledged
           || alarm.state == AlarmStateCode::latched_acknowledged;
}

// "within 10 min: by 11-21 11:32:38"; for one that is over or was never raised, the time alone.
std::string when_to_respond(const AlarmHelp& help) {
    if (help.time_to_respond <= Duration::zero()) return {};
    auto text = "within " + span_text(help.time_to_respond);
    if (help.raised == UtcTime() || is_over(help.alarm)) return text;
    return text + ": by " + alarm_time(help.raised + help.time_to_respond);
}

std::string by_whom(std::string_view who, std::string_view why) {
    std::string text(who.empty() ? "" : "by ");
    text.append(who);
    if (!why.empty()) text.append(text.empty() ? "" : ": ").append(why);
    return text;
}

std::string state_of(const AlarmHelp& help) {
    const auto& alarm = help.alarm;
    auto text = state_words(alarm.state);
    if (alarm.since != UtcTime()) text += " since " + alarm_time(alarm.since);
    if (alarm.shelved_until != UtcTime()) text += ", until " + alarm_time(alarm.shelved_until);
    if (const auto who = by_whom(help.shelved_by, help.reason); !who.empty()) text += ", " + who;
    if (alarm.is_uncertain) text += "; uncertain: its input cannot be trusted";
    return text;
}

// "raw_tank.level = 4.61 m, good": a number as the widget's properties want it.
std::string input_of(const AlarmHelp& help, const Format& format) {
    std::string text(help.input);
    constexpr std::string_view kIs = " = ";
    const auto from = text.find(kIs);
    if (from == std::string::npos) return text;
    const char* const begin = text.data() + from + kIs.size();
    double number = 0;
    const auto [end, fault] = std::from_chars(begin, text.data() + text.size(), number);
    if (fault != std::errc() || (end != text.data() + text.size() && *end != ' ' && *end != ',')) return text;
    return text.substr(0, from + kIs.size()) + format.text(Value(number))
           + text.substr(static_cast<std::size_t>(end - text.data()));
}

// "11-21 13:20:52, at 4.31 m, limit 4.3 m"
std::string raised_of(const AlarmHelp& help, const Format& format) {
    auto text = alarm_time(help.raised);
    const bool is_number = help.alarm.value.has_value() && help.alarm.value.type() != ValueType::boolean;
    if (is_number) text += ", at " + alarm_value(help.alarm, format);
    if (!help.limit.has_value()) return text;
    text += ", limit " + format.text(help.limit);
    return help.alarm.unit.empty() ? text : text.append(" ").append(help.alarm.unit);
}

std::string step_of(const AlarmPast& past) {
    std::string text(to_string(past.event));
    std::ranges::replace(text, '_', ' ');
    const auto who = by_whom(past.user, past.comment);
    return alarm_time(past.time) + "  " + text + (who.empty() ? "" : " " + who);
}

// In the order of what matters.
std::vector<Fact> facts_of(const AlarmHelp& help, const Format& format) {
    std::vector<Fact> facts = {{"consequence", std::string(help.consequence)},
                               {"cause", std::string(help.cause)},
                               {"now", input_of(help, format)},
                               {"state", state_of(help)}};
    const auto add = [&](std::string_view label, std::string text) { facts.push_back({label, std::move(text)}); };
    if (help.raised != UtcTime()) add("raised", raised_of(help, format));
    if (help.acknowledged != UtcTime() || !help.acknowledged_by.empty()) {
        const auto who = by_whom(help.acknowledged_by, help.comment);
        add("acknowledged", alarm_time(help.acknowledged) + (who.empty() ? "" : " " + who));
    }
    if (!help.suppressed_by.empty()) add("suppressed", std::string(help.suppressed_by));
    add("alarm", std::string(help.alarm.alarm) + (help.alarm_class.empty() ? "" : ", class " + std::string(help.alarm_class)));
    if (!help.alarm.area.empty()) add("area", std::string(help.alarm.area));
    for (std::size_t step = 0; step < help.steps.size(); ++step) add(step == 0 ? "what was" : "", step_of(help.past(step)));
    std::erase_if(facts, [](const Fact& fact) { return fact.text.empty(); });
    return facts;
}

void draw_facts(const Pen& pen, Area& area, const std::vector<Fact>& facts) {
    for (const auto& fact : facts) {
        auto text = area;
        const auto label = text.cut_left(std::min(pen.px(92), area.width() * 0.3F));
        const auto height = pen.paragraph(text, pen.px(kSmall), ColourRole::text, fact.text);
        if (height == 0) return;
        auto line = label;
        pen.paragraph(line, pen.px(kSmall), ColourRole::text_dim, fact.label);
        area.cut_top(height + pen.px(3));
    }
}

void draw_title(Frame& frame, const Pen& pen, Area area, const AlarmHelp& help, std::string_view alarm, AlarmPanel& panel) {
    panel.is_closed = word_button(pen, area.cut_right(pen.px(30)).shrunk(pen.px(2)), kClose, "×");
    if (!help.alarm.screen.empty()
        && word_button(pen, area.cut_right(std::min(pen.px(104), area.width() / 2)).shrunk(pen.px(2)), kShow, "Show screen"))
        frame.navigate(help.alarm.screen);
    area.cut_right(pen.px(4));
    if (help.is_known) {
        draw_alarm_mark(frame, pen, area, help.alarm);
        area.cut_left(pen.px(4));
    }
    pen.text(area, pen.px(kNormal), Align::left, ColourRole::text,
             help.is_known && !help.alarm.text.empty() ? help.alarm.text : alarm);
}

}  // namespace

AlarmPanel draw_alarm_panel(Frame& frame, const Pen& pen, Area area, std::string_view alarm, const Format& format) {
    AlarmPanel panel;
    const auto help = frame.alarm_help(alarm);
    const auto whole = area;
    pen.fill(area, ColourRole::background, pen.px(3));
    area = area.shrunk(pen.px(6));
    draw_title(frame, pen, area.cut_top(pen.px(kTitle)), help, alarm, panel);
    panel.words = std::string(alarm);
    if (!help.is_known) {
        const auto why = help.fault.empty() ? std::string_view("the server is being asked") : help.fault;
        pen.paragraph(area, pen.px(kSmall), ColourRole::text_dim, why);
        panel.words.append(": ").append(why);
        return panel;
    }
    const auto when = when_to_respond(help);
    const auto facts = facts_of(help, format);
    const bool has_room = area.height() >= pen.px(170);
    area.cut_top(pen.px(has_room ? 6 : 2));
    if (has_room) pen.text(area.cut_top(pen.px(16)), pen.px(kSmall), Align::left, ColourRole::text_dim, "what to do");
    const auto response = help.response.empty() ? std::string_view("the site does not say what to do") : help.response;
    area.cut_top(pen.paragraph(area,
                               pen.px(help.response.empty() ? kSmall
                                      : has_room            ? kLarge
                                                            : kNormal),
                               help.response.empty() ? ColourRole::text_dim : ColourRole::text, response));
    area.cut_top(pen.paragraph(area, pen.px(kSmall), ColourRole::text, when));
    area.cut_top(pen.px(has_room ? 8 : 3));
    draw_facts(pen, area, facts);
    if (help.is_old) pen.hatch(whole, ColourRole::outline);

    panel.words.append("\nwhat to do: ").append(response);
    if (!when.empty()) panel.words.append(", ").append(when);
    for (const auto& fact : facts) panel.words.append("\n").append(fact.label).append(": ").append(fact.text);
    if (help.is_old) panel.words.append("\nnot up to date");
    return panel;
}

}  // namespace penstock::basic
