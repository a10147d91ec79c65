#include "alarm_list.hpp"

#include <algorithm>
#include <string>
#include <vector>

#include "alarm_look.hpp"
#include "press.hpp"

namespace penstock::basic {
namespace {

constexpr float kTextSize = 13, kRowHeight = 24, kHeadHeight = 28;
constexpr int kFirstRowId = 100;  // below it: buttons of the head
constexpr int kButtonOfRow = 100'000;

// The same columns for the head and all rows, from the right.
struct Columns {
    Area time, priority, alarm, text, state, value, button;
};
Columns columns_of(const Pen& pen, Area row) {
    Columns columns;
    columns.button = row.cut_right(pen.px(58));
    columns.value = row.cut_right(std::min(pen.px(88), row.width() * 0.14F));
    columns.state = row.cut_right(row.width() * 0.24F);
    columns.time = row.cut_left(std::min(pen.px(108), row.width() * 0.2F));
    columns.priority = row.cut_left(std::min(pen.px(84), row.width() * 0.16F));
    columns.alarm = row.cut_left(row.width() * 0.42F);
    columns.text = row;
    return columns;
}

Area cell(const Pen& pen, Area area) {
    area.cut_right(pen.px(6));
    return area;
}

struct Row {
    bool is_acknowledged = false, is_opened = false;
};
Row draw_row(Frame& frame, const Pen& pen, const Area& area, int index, const ShownAlarm& alarm, const Format& format) {
    auto columns = columns_of(pen, area);
    Row row;
    if (!alarm.screen.empty()) {
        ImGui::PushID(kFirstRowId + index);
        const auto press = press_area({area.from, {columns.button.from.x, area.to.y}}, true);
        ImGui::PopID();
        if (press.is_hovered || press.is_focused) pen.fill(area, ColourRole::equipment_running);
        row.is_opened = press.is_pressed;
    }
    const bool is_over = alarm.state == AlarmStateCode::returned_unacknowledged;
    const auto role = is_over ? ColourRole::text_dim : ColourRole::text;
    const auto write = [&](const Area& place, std::string_view text, Align align = Align::left) {
        pen.text(cell(pen, place), pen.px(kTextSize), align, role, text);
    };
    write(columns.time, alarm_time(alarm.since));
    draw_alarm_mark(frame, pen, columns.priority, alarm);
    write(columns.priority, alarm.priority_name);
    write(columns.alarm, alarm.alarm);
    write(columns.text, alarm.text);
    write(columns.state, alarm_state(alarm));
    write(columns.value, alarm_value(alarm, format), Align::right);
    pen.list().AddLine({area.from.x, area.to.y - 0.5F}, {area.to.x, area.to.y - 0.5F}, pen.colour(ColourRole::background), 1);
    if (alarm.is_unacknowledged() && !alarm.is_asked && alarm.id != 0)
        row.is_acknowledged = word_button(pen, columns.button.shrunk(pen.px(2)), kButtonOfRow + index, "Ack");
    return row;
}

void draw_column_heads(const Pen& pen, const Area& area) {
    const auto columns = columns_of(pen, area);
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

// "4 alarms, 2 unacknowledged", "1 shelved".
std::string summary(const ShownAlarms& alarms, AlarmPage page, std::string_view area) {
    std::uint32_t standing = 0, unacknowledged = 0, shelved = 0;
    for (const auto& count : alarms.counts()) {
        if (!is_area_in(count.area.view(), area)) continue;
        standing += count.standing;
        unacknowledged += count.unacknowledged;
        shelved += count.shelved;
    }
    auto text = page == AlarmPage::shelved ? std::to_string(shelved) + " shelved"
                                           : std::to_string(standing) + (standing == 1 ? " alarm, " : " alarms, ")
                                                 + std::to_string(unacknowledged) + " unacknowledged";
    if (alarms.is_old()) text += "; not up to date";
    return text;
}

std::vector<std::size_t> rows_of(const ShownAlarms& alarms, std::string_view area) {
    std::vector<std::size_t> rows;
    for (std::size_t i = 0; i < alarms.size(); ++i)
        if (alarms[i].is_in(area)) rows.push_back(i);
    return rows;
}

// The wheel moves by three rows; the last page stays full.
std::size_t scrolled(std::size_t first, std::size_t rows, std::size_t fit, const Area& area) {
    const auto last = rows > fit ? rows - fit : 0;
    const float wheel = ImGui::IsMouseHoveringRect(area.from, area.to) ? ImGui::GetIO().MouseWheel : 0;
    if (wheel < 0) first += 3;
    if (wheel > 0) first -= std::min<std::size_t>(first, 3);
    return std::min(first, last);
}

}  // namespace

void AlarmListWidget::draw(Frame& frame) {
    const auto properties = frame.properties();
    const auto area_name = properties.text_or("area", "");
    const Format format(properties);
    const auto alarms = frame.alarms(page_);
    const auto rows = rows_of(alarms, area_name);

    const Pen pen(frame);
    pen.fill(pen.area(), ColourRole::surface, pen.px(3));
    auto area = pen.area().shrunk(pen.px(6));
    auto head = area.cut_top(pen.px(kHeadHeight));
    const auto switching = head.cut_right(pen.px(86));
    head.cut_right(pen.px(6));
    const auto all = head.cut_right(pen.px(126));
    auto said = summary(alarms, page_, area_name);
    pen.text(head, pen.px(16), Align::left, alarms.is_old() ? ColourRole::bad : ColourRole::text, said);
    draw_column_heads(pen, area.cut_top(pen.px(18)));
    if (!alarms.notice().empty())
        pen.text(area.cut_bottom(pen.px(20)), pen.px(kTextSize), Align::left, ColourRole::bad, alarms.notice());

    const auto height = std::max(pen.px(kRowHeight), 1.0F);
    const auto fit = static_cast<std::size_t>(std::max(area.height() / height, 0.0F));
    first_ = scrolled(first_, rows.size(), fit, area);
    const auto end = std::min(rows.size(), first_ + fit);
    std::vector<abi::AlarmName> in_sight, acknowledged;
    const auto whole = area;
    for (auto place = first_; place < end; ++place) {
        const auto alarm = alarms[rows[place]];
        const auto row = draw_row(frame, pen, area.cut_top(height), static_cast<int>(place - first_), alarm, format);
        if (alarm.is_unacknowledged() && !alarm.is_asked && alarm.id != 0) in_sight.push_back(alarm.name());
        if (row.is_acknowledged) acknowledged.push_back(alarm.name());
        if (row.is_opened) frame.navigate(alarm.screen);
        said += '\n' + alarm_words(alarm, format);
    }
    if (rows.empty()) {
        const auto why = !alarms.fault().empty()       ? alarms.fault()
                         : page_ == AlarmPage::shelved ? "nothing is shelved"
                                                       : "no alarms";
        pen.text(area, pen.px(kTextSize), Align::centre, ColourRole::text_dim, why);
        if (!alarms.fault().empty()) said += "; " + std::string(alarms.fault());
    }
    if (alarms.is_old()) pen.hatch(whole, ColourRole::outline);
    if (rows.size() > end) said += "\n" + std::to_string(rows.size() - end) + " more below";

    if (!in_sight.empty() && word_button(pen, all.shrunk(pen.px(2)), 1, "Acknowledge all")) acknowledged = in_sight;
    const bool is_shelf = page_ == AlarmPage::shelved;
    if (word_button(pen, switching.shrunk(pen.px(2)), 2, is_shelf ? "Standing" : "Shelved")) {
        page_ = is_shelf ? AlarmPage::standing : AlarmPage::shelved;
        first_ = 0;
    }
    if (!acknowledged.empty()) frame.act_on_alarms({AlarmEvent::acknowledged, acknowledged});
    if (!alarms.notice().empty()) said += "\n" + std::string(alarms.notice());
    frame.describe(said);
}

}  // namespace penstock::basic
