#include "input.hpp"

#include <algorithm>
#include <cmath>

#include <imgui_stdlib.h>

#include "press.hpp"
#include "reading.hpp"
#include "tooltip.hpp"

namespace penstock::basic {
namespace {

constexpr std::size_t kLongestEdited = 4'096;  // bytes of a string that can still be edited here

bool has_range(const Binding& value) { return !std::isnan(value.range_low) && !std::isnan(value.range_high); }

std::string with_unit(std::string text, const Binding& value) {
    if (!value.unit.empty()) text.append(" ").append(value.unit);
    return text;
}

std::string range_text(const Binding& value) {
    return with_unit(Value(value.range_low).text() + " to " + Value(value.range_high).text(), value);
}

// Why `wanted` is not even asked for; "" if it may be.
std::string range_fault(const Value& wanted, const Binding& value) {
    if (!has_range(value)) return {};
    const double number = wanted.as_double_or(std::nan(""));
    if (std::isnan(number) && wanted.type() != ValueType::float64) return {};
    if (number >= value.range_low && number <= value.range_high) return {};
    return with_unit(wanted.text(), value) + " is outside " + range_text(value);
}

}  // namespace

void InputWidget::draw(Frame& frame) {
    const auto properties = frame.properties();
    const auto value = frame.binding("value");
    const Format format(properties);
    const auto label = properties.text_or("label", "");
    const Reading reading(value, format);
    const Pen pen(frame);
    auto area = pen.area();
    draw_label(pen, area.cut_top(std::min(pen.px(18), area.height() / 3)), label, reading);
    if (!value.found || !value.writable) is_open_ = false;
    if (is_open_)
        draw_open(frame, pen, area, value);
    else
        draw_closed(frame, pen, area, reading);
    auto text = reading_text(label, reading);
    if (is_open_) text.append(", editing: ").append(typed_);
    if (is_open_ && !refusal_.empty()) text.append(", ").append(refusal_);
    frame.describe(text);
}

void InputWidget::draw_closed(Frame& frame, const Pen& pen, const Area& field, const Reading& reading) {
    const auto& value = *reading.binding;
    const bool can_be_set = value.found && value.writable;
    const auto press = press_area(field, can_be_set);
    if (can_be_set) {
        pen.fill(field, ColourRole::equipment_running, pen.px(2));
        pen.outline(field, press.is_hovered || value.write_state == abi::WriteState::asked ? ColourRole::setpoint
                                                                                           : ColourRole::outline);
    }
    draw_reading(pen, field.shrunk(pen.px(4)), std::clamp(field.height() * 0.6F, pen.px(10), pen.px(20)), reading);
    if (press.is_focused) pen.outline(field.shrunk(1), ColourRole::setpoint, 2);
    explain_on_hover(frame, {&value});
    if (press.is_pressed) open(value);
}

void InputWidget::open(const Binding& value) {
    is_open_ = true;
    frames_open_ = 0;
    refusal_.clear();
    typed_ = value.value.text().substr(0, kLongestEdited);
}

void InputWidget::draw_open(Frame& frame, const Pen& pen, const Area& field, const Binding& value) {
    ImGui::SetCursorScreenPos(field.from);
    ImGui::SetNextItemWidth(std::max(field.width(), 1.0F));
    const float padding = std::max(0.0F, (field.height() - ImGui::GetFontSize()) / 2);
    ImGui::PushStyleVar(ImGuiStyleVar_FramePadding, {pen.px(4), padding});
    if (frames_open_ == 0) ImGui::SetKeyboardFocusHere();
    constexpr auto kFlags = ImGuiInputTextFlags_EnterReturnsTrue | ImGuiInputTextFlags_AutoSelectAll;
    const bool is_entered = ImGui::InputText("edit", &typed_, kFlags);
    const bool has_left = frames_open_ > 1 && !ImGui::IsItemActive();
    ImGui::PopStyleVar();
    pen.outline(field, ColourRole::setpoint, 2);
    ++frames_open_;
    frame.redraw_in(400ms);  // the caret blinks

    if (is_entered) return take(frame, value);
    if (has_left) {
        is_open_ = false;
        return;
    }
    ImGui::SetNextWindowPos({field.from.x, field.to.y + 4});
    ImGui::BeginTooltip();
    if (!refusal_.empty()) {
        ImGui::PushStyleColor(ImGuiCol_Text, frame.colour(ColourRole::bad));
        ImGui::TextUnformatted(refusal_.c_str());
        ImGui::PopStyleColor();
    } else if (has_range(value)) {
        ImGui::TextUnformatted(range_text(value).c_str());
    }
    ImGui::TextUnformatted("Enter writes, Esc leaves it as it is");
    ImGui::EndTooltip();
}

void InputWidget::take(Frame& frame, const Binding& value) {
    const auto wanted = typed_value(value.value.type(), typed_);
    refusal_ = wanted ? range_fault(*wanted, value) : wanted.error().sentence();
    if (!refusal_.empty()) {
        frames_open_ = 0;  // takes the keyboard back, which Enter has let go
        return;
    }
    frame.write("value", *wanted);
    is_open_ = false;
}

}  // namespace penstock::basic
