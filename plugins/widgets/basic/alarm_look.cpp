#include "alarm_look.hpp"

#include <algorithm>
#include <cmath>
#include <ctime>

#include "press.hpp"

namespace penstock::basic {
namespace {

constexpr double kBlink = 1.6;  // seconds: slow enough to be read, quick enough to be seen
constexpr Duration kBlinkHalf = 800ms;

ImVec2 at(const Area& square, float x, float y) {
    return {square.from.x + square.width() * x, square.from.y + square.height() * y};
}

// A square, a triangle, a diamond, and a circle for all that is less urgent.
void draw_shape(const Pen& pen, const Area& square, std::uint32_t priority, ImU32 ink, MarkStyle style) {
    auto& list = pen.list();
    const bool is_filled = style == MarkStyle::filled;
    const float line = std::max(1.0F, pen.px(style == MarkStyle::heavy ? 3.0F : 1.5F));
    const ImVec2 triangle[] = {at(square, 0.5F, 0), at(square, 1, 1), at(square, 0, 1)};
    const ImVec2 diamond[] = {at(square, 0.5F, 0), at(square, 1, 0.5F), at(square, 0.5F, 1), at(square, 0, 0.5F)};
    if (priority <= 1 && is_filled) return list.AddRectFilled(square.from, square.to, ink);
    if (priority <= 1) return list.AddRect(square.from, square.to, ink, 0, 0, line);
    if (priority == 2 && is_filled) return list.AddConvexPolyFilled(triangle, 3, ink);
    if (priority == 2) return list.AddPolyline(triangle, 3, ink, ImDrawFlags_Closed, line);
    if (priority == 3 && is_filled) return list.AddConvexPolyFilled(diamond, 4, ink);
    if (priority == 3) return list.AddPolyline(diamond, 4, ink, ImDrawFlags_Closed, line);
    if (is_filled) return list.AddCircleFilled(square.centre(), square.width() / 2, ink);
    list.AddCircle(square.centre(), square.width() / 2, ink, 0, line);
}

// Relative luminance, 0 to 1 (WCAG 2.1): how light a colour is to the eye.
float luminance(ImU32 colour) {
    const auto linear = [colour](int shift) {
        const float part = static_cast<float>(colour >> shift & 0xFFU) / 255;
        return part <= 0.04045F ? part / 12.92F : std::pow((part + 0.055F) / 1.055F, 2.4F);
    };
    return 0.2126F * linear(IM_COL32_R_SHIFT) + 0.7152F * linear(IM_COL32_G_SHIFT) + 0.0722F * linear(IM_COL32_B_SHIFT);
}

}  // namespace

ColourRole ink_on(Frame& frame, ImU32 ground) {
    const auto contrast = [light = luminance(ground)](float other) {
        return (std::max(light, other) + 0.05F) / (std::min(light, other) + 0.05F);
    };
    const auto dark = contrast(luminance(frame.colour(ColourRole::text)));
    const auto light = contrast(luminance(frame.colour(ColourRole::equipment_running)));
    return dark >= light ? ColourRole::text : ColourRole::equipment_running;
}

void draw_priority_mark(Frame& frame, const Pen& pen, Area& area, std::uint32_t priority, MarkStyle style) {
    const auto cell = area.cut_left(area.height());
    const auto square = cell.shrunk(std::max(1.5F, cell.height() * 0.08F));
    if (square.width() < 3) return;
    const auto colour = frame.priority_colour(priority);
    draw_shape(pen, square, priority, colour, style);
    // The point of a triangle leaves room for a number at its foot only.
    auto number = square;
    if (priority == 2) number.from.y += square.height() * 0.36F;
    pen.text(number, square.height() * 0.64F, Align::centre,
             style == MarkStyle::filled ? ink_on(frame, colour) : ColourRole::text, std::to_string(priority), Fit::number);
}

void draw_alarm_mark(Frame& frame, const Pen& pen, Area& area, const ShownAlarm& alarm) {
    if (!alarm.is_unacknowledged()) return draw_priority_mark(frame, pen, area, alarm.priority, MarkStyle::outline);
    frame.redraw_in(kBlinkHalf);
    const bool is_lit = std::fmod(ImGui::GetTime(), kBlink) < kBlink / 2;
    draw_priority_mark(frame, pen, area, alarm.priority, is_lit ? MarkStyle::filled : MarkStyle::heavy);
}

std::string alarm_time(UtcTime since) {
    if (since == UtcTime()) return "–";
    const auto seconds = static_cast<std::time_t>(std::chrono::floor<std::chrono::seconds>(since).time_since_epoch().count());
    std::tm parts{};
    localtime_r(&seconds, &parts);
    char text[32];
    return {text, std::strftime(text, sizeof text, "%m-%d %H:%M:%S", &parts)};
}

std::string state_words(AlarmStateCode state) {
    std::string text(to_string(state));
    std::ranges::replace(text, '_', ' ');
    return text;
}

std::string alarm_state(const ShownAlarm& alarm) {
    auto text = state_words(alarm.state);
    if (alarm.state == AlarmStateCode::shelved && alarm.shelved_until != UtcTime())
        text.append(" until ").append(alarm_time(alarm.shelved_until));
    if (alarm.is_uncertain) text += ", uncertain";
    if (!alarm.note.empty()) text.append(" ").append(alarm.note);
    if (alarm.is_asked) text += " …";
    return text;
}

std::string alarm_value(const ShownAlarm& alarm, const Format& format) {
    if (!alarm.value.has_value()) return "–";
    auto text = format.text(alarm.value);
    if (!alarm.unit.empty()) text.append(" ").append(alarm.unit);
    return text;
}

std::string alarm_words(const ShownAlarm& alarm, const Format& format) {
    auto text = alarm_time(alarm.since) + "  " + std::to_string(alarm.priority);
    if (!alarm.priority_name.empty()) text.append(" ").append(alarm.priority_name);
    text.append("  ").append(alarm.alarm).append("  ").append(alarm.text);
    return text.append("  ").append(alarm_state(alarm)).append("  ").append(alarm_value(alarm, format));
}

bool word_button(const Pen& pen, const Area& area, int id, std::string_view word, bool can_be_pressed) {
    if (area.width() < 4 || area.height() < 4) return false;
    ImGui::PushID(id);
    const auto press = press_area(area, can_be_pressed);
    ImGui::PopID();
    if (can_be_pressed) pen.fill(area, press.is_held ? ColourRole::equipment : ColourRole::equipment_running, pen.px(3));
    pen.outline(area, press.is_hovered ? ColourRole::text_dim : ColourRole::outline);
    if (press.is_focused) pen.outline(area.shrunk(2), ColourRole::setpoint, 2);
    pen.text(area.shrunk(pen.px(3)), pen.px(13), Align::centre, can_be_pressed ? ColourRole::text : ColourRole::outline, word);
    return press.is_pressed;
}

bool choice_button(const Pen& pen, const Area& area, int id, std::string_view word, bool is_chosen) {
    const bool is_pressed = word_button(pen, area, id, word);
    if (!is_chosen) return is_pressed;
    pen.fill(area, ColourRole::equipment, pen.px(3));
    pen.outline(area, ColourRole::outline);
    pen.text(area.shrunk(pen.px(3)), pen.px(13), Align::centre, ColourRole::text, word);
    auto bar = area.shrunk(pen.px(4));
    pen.fill(bar.cut_bottom(pen.px(2)), ColourRole::text);
    return is_pressed;
}

}  // namespace penstock::basic
