#include "alarm_rows.hpp"

#include <algorithm>
#include <utility>

#include <imgui_internal.h>

#include "alarm_look.hpp"
#include "press.hpp"

namespace penstock::basic {
namespace {

constexpr float kTextSize = 13, kRowHeight = 24, kHeadHeight = 18;
// Narrower rows leave out the name, and then the value: the text is what people read, and mostly has the value.
constexpr float kRoomForNames = 900, kRoomForValues = 700;
constexpr int kButtonOfRow = 100'000;

// The same columns for the head and all rows.
struct Columns {
    Area time, priority, alarm, text, state, value, button;
};
// Of what is held back nothing is acknowledged, and why it is so wants room.
Columns columns_of(const Pen& pen, Area row, bool is_standing) {
    const bool has_names = row.width() >= pen.px(kRoomForNames);
    const bool has_values = row.width() >= pen.px(kRoomForValues);
    Columns columns;
    columns.button = row.cut_right(is_standing ? pen.px(58) : 0);
    columns.value = row.cut_right(has_values ? pen.px(88) : 0);
    columns.state = row.cut_right(row.width() * (is_standing ? 0.22F : 0.44F));
    row.cut_left(pen.px(6));
    columns.time = row.cut_left(std::min(pen.px(106), row.width() * 0.3F));
    columns.priority = row.cut_left(std::min(pen.px(96), row.width() * 0.28F));
    columns.alarm = row.cut_left(has_names ? row.width() * 0.42F : 0);
    columns.text = row;
    return columns;
}

Area cell(const Pen& pen, Area area) {
    area.cut_right(pen.px(6));
    return area;
}

bool is_held_back(const ShownAlarm& alarm) {
    return alarm.state == AlarmStateCode::shelved || alarm.state == AlarmStateCode::suppressed
           || alarm.state == AlarmStateCode::out_of_service;
}

void draw_column_heads(const Pen& pen, const Area& area, bool is_standing) {
    const auto columns = columns_of(pen, area, is_standing);
    const auto write = [&](const Area& place, std::string_view text, Align align = Align::left) {
        pen.text(cell(pen, place), pen.px(12), align, ColourRole::text_dim, text);
    };
    write(columns.time, "time");
    write(columns.priority, "priority");
    write(columns.alarm, "alarm");
    write(columns.text, "text");
    write(columns.state, "state");
    write(columns.value, "value", Align::right);
    pen.list().AddLine({area.from.x, area.to.y - 0.5F}, {area.to.x, area.to.y - 0.5F}, pen.colour(ColourRole::text_dim), 1);
}

struct RowLook {
    bool is_selected, is_current, is_hovered;
};
void draw_ground(const Pen& pen, Area area, const RowLook& look, bool has_keyboard) {
    area.to.y -= 1;
    if (look.is_selected) {
        pen.fill(area, ColourRole::equipment_running);
        pen.fill({area.from, {area.from.x + pen.px(4), area.to.y}}, ColourRole::setpoint);
    }
    if (look.is_hovered) pen.outline(area, ColourRole::outline);
    if (look.is_current && has_keyboard) pen.outline(area, ColourRole::setpoint, 2);
}

void draw_row(Frame& frame, const Pen& pen, const Area& area, const ShownAlarm& alarm, const Format& format) {
    auto columns = columns_of(pen, area, !is_held_back(alarm));
    const bool is_over = alarm.state == AlarmStateCode::returned_unacknowledged;
    const auto role = is_over ? ColourRole::text_dim : ColourRole::text;
    const auto write = [&](const Area& place, std::string_view text, Align align = Align::left) {
        pen.text(cell(pen, place), pen.px(kTextSize), align, role, text);
    };
    write(columns.time, alarm_time(alarm.since));
    draw_alarm_mark(frame, pen, columns.priority, alarm);
    write(columns.priority, alarm.priority_name);
    write(columns.alarm, alarm.alarm);
    write(columns.text, alarm.text.empty() ? alarm.alarm : alarm.text);
    write(columns.state, alarm_state(alarm));
    write(columns.value, alarm_value(alarm, format), Align::right);
    pen.list().AddLine({area.from.x, area.to.y - 0.5F}, {area.to.x, area.to.y - 0.5F}, pen.colour(ColourRole::background), 1);
}

// The wheel moves by three rows; the last page stays full.
std::size_t scrolled(std::size_t first, std::size_t rows, std::size_t fit, const Area& area) {
    const auto last = rows > fit ? rows - fit : 0;
    const float wheel = ImGui::IsMouseHoveringRect(area.from, area.to) ? ImGui::GetIO().MouseWheel : 0;
    if (wheel < 0) first += 3;
    if (wheel > 0) first -= std::min<std::size_t>(first, 3);
    return std::min(first, last);
}

bool is_struck(ImGuiKey key) { return ImGui::IsKeyPressed(ImGui::GetKeyIndex(key), false); }
// Also again and again while it is held.
bool is_stepped(ImGuiKey key) { return ImGui::IsKeyPressed(ImGui::GetKeyIndex(key), true); }

}  // namespace

std::optional<std::size_t> ListedAlarms::find(std::string_view alarm) const {
    for (std::size_t row = 0; row < size(); ++row)
        if ((*this)[row].alarm == alarm) return row;
    return std::nullopt;
}

AlarmRows::Outcome AlarmRows::draw(Frame& frame, const Pen& pen, Area area, const ListedAlarms& listed, const Format& format,
                                   std::string& said) {
    Outcome outcome;
    const bool is_standing = listed.size() == 0 || !is_held_back(listed[0]);
    draw_column_heads(pen, area.cut_top(pen.px(kHeadHeight)), is_standing);
    const auto height = std::max(pen.px(kRowHeight), 1.0F);
    const auto fit = static_cast<std::size_t>(std::max(area.height() / height, 0.0F));
    first_ = scrolled(first_, listed.size(), fit, area);
    end_ = std::min(listed.size(), first_ + fit);
    listen(area, height, listed, outcome);
    refresh(listed);
    for (auto row = first_; row < end_; ++row) {
        const auto alarm = listed[row];
        const auto place = area.cut_top(height);
        draw_ground(pen, place, {seen(alarm.alarm) != nullptr, alarm.alarm == current_, hovered_ == row}, has_keyboard_);
        draw_row(frame, pen, place, alarm, format);
        said += '\n' + alarm_words(alarm, format);
        if (!alarm.is_unacknowledged() || alarm.is_asked || alarm.id == 0) continue;
        const auto button = columns_of(pen, place, true).button.shrunk(pen.px(2));
        if (word_button(pen, button, kButtonOfRow + static_cast<int>(row - first_), "Ack")) outcome.acknowledged = row;
    }
    if (listed.size() > end_) said += "\n" + std::to_string(listed.size() - end_) + " more below";
    for (const auto row : selected(listed)) said.append("\nselected: ").append(listed[row].alarm);
    return outcome;
}

// One thing to press for all rows, so that the arrow keys move on in long lists; the column of buttons is beside it.
void AlarmRows::listen(const Area& area, float height, const ListedAlarms& listed, Outcome& outcome) {
    hovered_.reset();
    auto rows = area;
    rows.to.x -= std::min(58.0F * height / kRowHeight, rows.width());
    if (rows.width() < 1 || rows.height() < 1) return;
    ImGui::SetCursorScreenPos(rows.from);
    ImGui::InvisibleButton("rows", {rows.width(), rows.height()});
    // A key that brought the keyboard here has done its work.
    const bool is_new_here = std::exchange(wants_keyboard_, false);
    if (is_new_here) ImGui::SetFocusID(ImGui::GetItemID(), ImGui::GetCurrentWindow());
    listen_to_mouse(rows, height, listed, outcome);
    has_keyboard_ = ImGui::IsItemFocused();
    if (has_keyboard_ && !is_new_here) listen_to_keys(listed, outcome);
    has_keyboard_ = has_keyboard_ && ImGui::GetIO().NavVisible;
}

void AlarmRows::listen_to_mouse(const Area& area, float height, const ListedAlarms& listed, Outcome& outcome) {
    const auto& io = ImGui::GetIO();
    const auto row = first_ + static_cast<std::size_t>(std::max(0.0F, (io.MousePos.y - area.from.y) / height));
    const bool is_on_row = ImGui::IsItemHovered() && row < end_;
    if (is_on_row) hovered_ = row;
    if (!ImGui::IsItemClicked()) return;
    if (!is_on_row) return clear();
    if (ImGui::IsMouseDoubleClicked(ImGuiMouseButton_Left)) outcome.opened = row;
    if (!io.KeyCtrl) return move_to(row, listed, io.KeyShift);
    current_ = anchor_ = listed[row].alarm;
    toggle(listed[row]);
}

void AlarmRows::listen_to_keys(const ListedAlarms& listed, Outcome& outcome) {
    const auto& io = ImGui::GetIO();
    const auto here = listed.find(current_);
    if (is_struck(ImGuiKey_Space) && !selected_.empty()) outcome.is_acknowledging = true;
    if (is_struck(ImGuiKey_Enter)) outcome.opened = here;
    if (end_ == first_) return;
    if (io.KeyCtrl && is_struck(ImGuiKey_A)) return select(listed, first_, end_ - 1);
    const auto page = end_ - first_;
    const auto last = listed.size() - 1;
    auto to = here.value_or(first_);
    if (is_stepped(ImGuiKey_DownArrow)) to = here ? to + 1 : to;
    if (is_stepped(ImGuiKey_UpArrow)) to -= std::min<std::size_t>(to, 1);
    if (is_stepped(ImGuiKey_PageDown)) to += page;
    if (is_stepped(ImGuiKey_PageUp)) to -= std::min(to, page);
    if (is_stepped(ImGuiKey_Home)) to = 0;
    if (is_stepped(ImGuiKey_End)) to = last;
    to = std::min(to, last);
    // At either end the keyboard goes on to what is above or below the rows.
    const bool is_moving = is_stepped(ImGuiKey_DownArrow) || is_stepped(ImGuiKey_UpArrow) || is_stepped(ImGuiKey_PageDown)
                           || is_stepped(ImGuiKey_PageUp) || is_stepped(ImGuiKey_Home) || is_stepped(ImGuiKey_End);
    if (!is_moving || here == to) return;
    ImGui::NavMoveRequestCancel();
    move_to(to, listed, io.KeyShift);
    if (to < first_) first_ = to;
    if (to >= end_) first_ = to + 1 - page;
    end_ = std::min(listed.size(), first_ + page);
}

void AlarmRows::move_to(std::size_t row, const ListedAlarms& listed, bool is_range) {
    const auto from = is_range ? listed.find(anchor_) : std::nullopt;
    current_ = listed[row].alarm;
    if (!from) anchor_ = current_;
    select(listed, from.value_or(row), row);
}

void AlarmRows::select(const ListedAlarms& listed, std::size_t from, std::size_t to) {
    selected_.clear();
    for (auto row = std::min(from, to); row <= std::max(from, to); ++row)
        selected_.push_back({std::string(listed[row].alarm), listed[row].id});
}

void AlarmRows::toggle(const ShownAlarm& alarm) {
    if (std::erase_if(selected_, [&](const auto& each) { return each.alarm == alarm.alarm; }) == 0)
        selected_.push_back({std::string(alarm.alarm), alarm.id});
}

// What has left the list is not selected any more; what is in sight is seen as it is now.
void AlarmRows::refresh(const ListedAlarms& listed) {
    std::erase_if(selected_, [&](const auto& each) { return !listed.find(each.alarm); });
    for (auto row = first_; row < end_; ++row)
        for (auto& each : selected_)
            if (each.alarm == listed[row].alarm) each.id = listed[row].id;
}

std::vector<std::size_t> AlarmRows::selected(const ListedAlarms& listed) const {
    std::vector<std::size_t> rows;
    for (std::size_t row = 0; row < listed.size() && rows.size() < selected_.size(); ++row)
        if (seen(listed[row].alarm) != nullptr) rows.push_back(row);
    return rows;
}

const SelectedAlarm* AlarmRows::seen(std::string_view alarm) const {
    const auto found = std::ranges::find(selected_, alarm, &SelectedAlarm::alarm);
    return found == selected_.end() ? nullptr : &*found;
}

void AlarmRows::clear() {
    selected_.clear();
    current_.clear();
    anchor_.clear();
}

}  // namespace penstock::basic
