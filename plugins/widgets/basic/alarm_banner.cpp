#include "alarm_banner.hpp"

#include <algorithm>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "alarm_look.hpp"
#include "press.hpp"

namespace penstock::basic {
namespace {

struct Count {
    std::uint32_t unacknowledged = 0, standing = 0;
};
std::map<std::uint32_t, Count> counts_of(const ShownAlarms& alarms, std::string_view area) {
    std::map<std::uint32_t, Count> counts;
    for (const auto& each : alarms.counts()) {
        if (!is_area_in(each.area.view(), area) || each.standing == 0) continue;
        counts[each.priority].unacknowledged += each.unacknowledged;
        counts[each.priority].standing += each.standing;
    }
    return counts;
}

// The list has it first.
std::optional<ShownAlarm> newest_of(const ShownAlarms& alarms, std::string_view area) {
    for (std::size_t i = 0; i < alarms.size(); ++i) {
        const auto alarm = alarms[i];
        if (!alarm.is_unacknowledged()) return std::nullopt;
        if (alarm.is_in(area)) return alarm;
    }
    return std::nullopt;
}

// A mark and a number each, the most urgent at the left; returns the words for it.
std::string draw_counts(Frame& frame, const Pen& pen, Area area, const std::map<std::uint32_t, Count>& counts) {
    std::string said;
    for (const auto& [priority, count] : counts) {
        auto place = area.cut_left(pen.px(64));
        place.from.y += (place.height() - std::min(place.height(), pen.px(24))) / 2;
        place.to.y = place.from.y + std::min(place.height(), pen.px(24));
        draw_priority_mark(frame, pen, place, priority, count.unacknowledged > 0 ? MarkStyle::filled : MarkStyle::outline);
        place.cut_left(pen.px(4));
        pen.text(place, pen.px(16), Align::left, ColourRole::text, std::to_string(count.standing), Fit::number);
        said += "; priority " + std::to_string(priority) + ": " + std::to_string(count.unacknowledged) + " of "
                + std::to_string(count.standing) + " unacknowledged";
    }
    return said;
}

// Every occurrence whose sound may be heard.
std::vector<abi::AlarmName> heard(const ShownAlarms& alarms) {
    std::vector<abi::AlarmName> names;
    for (std::size_t i = 0; i < alarms.size(); ++i) {
        const auto alarm = alarms[i];
        if (alarm.is_unacknowledged() && !alarm.is_silenced && alarm.id != 0) names.push_back(alarm.name());
    }
    return names;
}

std::string draw_newest(Frame& frame, const Pen& pen, Area area, const ShownAlarm& alarm, const Format& format) {
    const auto button = area.cut_right(pen.px(64)).shrunk(pen.px(4));
    const auto name = alarm.name();
    const bool can_be_acknowledged = !alarm.is_asked && alarm.id != 0;
    if (can_be_acknowledged && word_button(pen, button, 1, "Ack")) frame.act_on_alarms({AlarmEvent::acknowledged, {&name, 1}});
    if (!alarm.screen.empty()) {
        ImGui::PushID(3);
        const auto press = press_area(area, true);
        ImGui::PopID();
        if (press.is_hovered || press.is_focused) pen.fill(area, ColourRole::equipment_running);
        if (press.is_pressed) frame.navigate(alarm.screen);
    }
    auto mark = area.cut_left(std::min(area.height(), pen.px(36)));
    mark.from.y += (mark.height() - mark.width()) / 2;
    mark.to.y = mark.from.y + mark.width();
    draw_alarm_mark(frame, pen, mark, alarm);
    area.cut_left(pen.px(6));
    pen.text(area.cut_left(pen.px(112)), pen.px(14), Align::left, ColourRole::text_dim, alarm_time(alarm.since));
    const auto value = area.cut_right(std::min(pen.px(96), area.width() / 4));
    pen.text(value, pen.px(16), Align::right, ColourRole::text, alarm_value(alarm, format));
    area.cut_right(pen.px(8));
    pen.text(area, pen.px(16), Align::left, ColourRole::text, alarm.text.empty() ? alarm.alarm : alarm.text);
    return alarm_words(alarm, format);
}

}  // namespace

void AlarmBannerWidget::draw(Frame& frame) {
    const auto properties = frame.properties();
    const auto area_name = properties.text_or("area", "");
    const auto alarms = frame.alarms();
    const Pen pen(frame);
    pen.fill(pen.area(), ColourRole::surface, pen.px(3));
    auto area = pen.area().shrunk(pen.px(4));
    const auto counts = counts_of(alarms, area_name);
    const auto newest = newest_of(alarms, area_name);

    std::string said;
    if (alarms.sounding() != 0) {
        const auto names = heard(alarms);
        if (word_button(pen, area.cut_right(pen.px(76)).shrunk(pen.px(4)), 2, "Silence") && !names.empty())
            frame.act_on_alarms({AlarmEvent::silenced, names});
        said = "; priority " + std::to_string(alarms.sounding()) + " sounds";
    }
    said = draw_counts(frame, pen, area.cut_right(pen.px(64) * static_cast<float>(counts.size())), counts) + said;
    if (newest) {
        said = draw_newest(frame, pen, area, *newest, Format(properties)) + said;
    } else {
        const auto why = !alarms.fault().empty() ? std::string(alarms.fault()) : "no unacknowledged alarms";
        pen.text(area, pen.px(14), Align::left, ColourRole::text_dim, why);
        said = why + said;
    }
    if (alarms.is_old()) {
        pen.hatch(pen.area(), ColourRole::outline);
        said += "; not up to date";
    }
    if (!alarms.notice().empty()) said += "; " + std::string(alarms.notice());
    frame.describe(said);
}

}  // namespace penstock::basic
