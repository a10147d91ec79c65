#include "alarm_list.hpp"

#include <algorithm>
#include <string>
#include <vector>

#include "alarm_look.hpp"
#include "alarm_panel.hpp"

namespace penstock::basic {
namespace {

ListedAlarms listed_in(const ShownAlarms& alarms, std::string_view area) {
    ListedAlarms listed{&alarms, {}};
    for (std::size_t i = 0; i < alarms.size(); ++i)
        if (alarms[i].is_in(area)) listed.rows.push_back(i);
    return listed;
}

// Cuts the panel's place off the rows: beside them, else below, else nothing.
Area cut_panel(const Pen& pen, Area& area, const Settings& properties) {
    constexpr float kBesideFrom = 900, kBesideWidth = 440, kBesideHeight = 100, kBelowFrom = 330;
    const bool is_wanted = properties.boolean_or("help", true);
    const bool is_asked_for = properties.boolean_or("help", false);
    if (!is_wanted) return {};
    const bool is_wide = area.width() >= pen.px(kBesideFrom) && area.height() >= pen.px(kBesideHeight);
    if (is_wide) return area.cut_right(std::min(pen.px(kBesideWidth), area.width() * 0.36F));
    if (area.height() >= pen.px(kBelowFrom) || (is_asked_for && area.width() < pen.px(kBesideFrom) / 2))
        return area.cut_bottom(area.height() * 0.5F);
    if (is_asked_for) return area.cut_right(area.width() * 0.45F);
    return {};
}

std::string_view why_empty(const ShownAlarms& alarms, AlarmPage page) {
    if (!alarms.fault().empty()) return alarms.fault();
    switch (page) {
        case AlarmPage::shelved: return "nothing is shelved";
        case AlarmPage::suppressed: return "nothing is suppressed";
        case AlarmPage::out_of_service: return "nothing is out of service";
        case AlarmPage::standing: break;
    }
    return "no alarms";
}

std::vector<abi::AlarmName> names_of(const std::vector<SelectedAlarm>& alarms) {
    std::vector<abi::AlarmName> names;
    for (const auto& each : alarms) names.push_back(each.name());
    return names;
}

}  // namespace

void AlarmListWidget::draw(Frame& frame) {
    const auto area_name = std::string(frame.properties().text_or("area", ""));
    const auto alarms = frame.alarms(page_);
    const auto listed = listed_in(alarms, area_name);
    const Pen pen(frame);
    pen.fill(pen.area(), ColourRole::surface, pen.px(3));
    auto area = pen.area().shrunk(pen.px(6));
    const AlarmBar bar{&alarms, area_name, page_, &listed, &rows_};
    auto said = bar.summary();
    if (listed.size() == 0 && !alarms.fault().empty()) said += "; " + std::string(alarms.fault());
    const auto head = area.cut_top(bar.height(pen));
    if (!alarms.notice().empty())
        pen.text(area.cut_bottom(pen.px(20)), pen.px(13), Align::left, ColourRole::bad, alarms.notice());
    draw_dialogue(frame, pen, area, said);
    std::string help;
    draw_help(frame, pen, area, help);
    draw_rows(frame, pen, area, listed, said);
    if (alarms.is_old()) pen.hatch(area, ColourRole::outline);
    auto outcome = bar.draw(pen, head);  // knows now which rows are in sight
    said += help;
    if (!alarms.notice().empty()) said += "\n" + std::string(alarms.notice());
    frame.describe(said);
    obey(frame, std::move(outcome));
}

void AlarmListWidget::draw_dialogue(Frame& frame, const Pen& pen, Area& area, std::string& said) {
    if (!dialogue_.is_open()) return;
    said += "\n" + dialogue_.words();
    const auto place = area.cut_top(dialogue_.height(pen));
    if (dialogue_.draw(frame, pen, place)) rows_.take_keyboard();
}

void AlarmListWidget::draw_help(Frame& frame, const Pen& pen, Area& area, std::string& said) {
    if (rows_.current().empty()) return;
    const auto properties = frame.properties();
    auto place = cut_panel(pen, area, properties);
    if (place.width() < 1 || place.height() < 1) return;
    const auto panel = draw_alarm_panel(frame, pen, place.shrunk(pen.px(2)), rows_.current(), Format(properties));
    said += "\n" + panel.words;
    if (panel.is_closed) rows_.clear();
}

void AlarmListWidget::draw_rows(Frame& frame, const Pen& pen, Area area, const ListedAlarms& listed, std::string& said) {
    const auto outcome = rows_.draw(frame, pen, area, listed, Format(frame.properties()), said);
    if (listed.size() == 0) pen.text(area, pen.px(13), Align::centre, ColourRole::text_dim, why_empty(*listed.alarms, page_));
    if (outcome.opened && !listed[*outcome.opened].screen.empty()) frame.navigate(listed[*outcome.opened].screen);
    std::vector<SelectedAlarm> acknowledged;
    if (outcome.acknowledged) {
        const auto alarm = listed[*outcome.acknowledged];
        acknowledged.push_back({std::string(alarm.alarm), alarm.id});
    }
    if (outcome.is_acknowledging)
        for (const auto row : rows_.selected(listed))
            if (suits(AlarmEvent::acknowledged, listed[row])) acknowledged.push_back(*rows_.seen(listed[row].alarm));
    if (!acknowledged.empty()) frame.act_on_alarms({AlarmEvent::acknowledged, names_of(acknowledged)});
}

void AlarmListWidget::obey(Frame& frame, AlarmBar::Outcome outcome) {
    if (outcome.page) {
        page_ = *outcome.page;
        rows_.clear();
        rows_.scroll_to_top();
    }
    if (!outcome.action) return;
    if (outcome.wants_words)
        dialogue_.open(*outcome.action, std::move(outcome.alarms));
    else
        frame.act_on_alarms({*outcome.action, names_of(outcome.alarms)});
}

}  // namespace penstock::basic
