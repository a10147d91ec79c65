#include "alarm_bar.hpp"

#include <algorithm>
#include <array>

#include "alarm_look.hpp"

namespace penstock::basic {
namespace {

constexpr float kLine = 28, kSummary = 200;
constexpr int kFirstPage = 10, kFirstAction = 20;

struct Page {
    std::string_view word;
    float width;
};
constexpr std::array<Page, 4> kPages = {{{"Standing", 84}, {"Shelved", 84}, {"Suppressed", 104}, {"Out of service", 118}}};
constexpr float kPagesWidth = 84 + 84 + 104 + 118;

struct Action {
    AlarmEvent event;
    std::string_view word;
    float width;
    unsigned pages;  // one bit each
    bool wants_words, is_rare;  // rare: there where an alarm wants it, and only then
};
constexpr unsigned kStanding = 1, kShelved = 2, kSuppressed = 4, kOut = 8, kAll = 15;
constexpr std::array<Action, 9> kActions = {{
    {AlarmEvent::acknowledged, "Acknowledge", 116, kStanding, false, false},
    {AlarmEvent::silenced, "Silence", 68, kStanding, false, false},
    {AlarmEvent::shelved, "Shelve…", 72, kStanding | kSuppressed, true, false},
    {AlarmEvent::unshelved, "Unshelve", 80, kShelved, false, false},
    {AlarmEvent::taken_out, "Out of service…", 118, kStanding | kShelved | kSuppressed, true, false},
    {AlarmEvent::put_back, "Back in service", 118, kOut, false, false},
    {AlarmEvent::commented, "Comment…", 84, kAll, true, false},
    {AlarmEvent::confirmed, "Confirm", 72, kStanding, false, true},
    {AlarmEvent::reset, "Reset", 60, kStanding, false, true},
}};
constexpr float kActionsWidth = 116 + 68 + 72 + 118 + 84 + 72 + 60;  // of the page that has most

bool is_on(const Action& action, AlarmPage page) { return (action.pages >> static_cast<unsigned>(page) & 1U) != 0; }

struct Totals {
    std::uint32_t unacknowledged = 0;
    std::array<std::uint32_t, kPages.size()> of_page{};
};
Totals totals_of(const ShownAlarms& alarms, std::string_view area) {
    Totals totals;
    for (const auto& count : alarms.counts()) {
        if (!is_area_in(count.area.view(), area)) continue;
        totals.unacknowledged += count.unacknowledged;
        const std::array<std::uint32_t, 4> here = {count.standing, count.shelved, count.suppressed, count.out_of_service};
        for (std::size_t i = 0; i < here.size(); ++i) totals.of_page[i] += here[i];
    }
    return totals;
}

// A narrow list has narrow buttons.
float fitting(float wanted, const Area& area, float whole) { return wanted * std::min(1.0F, area.width() / whole); }

}  // namespace

bool suits(AlarmEvent action, const ShownAlarm& alarm) noexcept {
    if (alarm.is_asked) return false;
    switch (action) {
        case AlarmEvent::acknowledged: return alarm.is_unacknowledged() && alarm.id != 0;
        case AlarmEvent::silenced: return alarm.is_unacknowledged() && !alarm.is_silenced && alarm.id != 0;
        case AlarmEvent::confirmed: return alarm.to_confirm && !alarm.is_unacknowledged();
        case AlarmEvent::reset: return alarm.state == AlarmStateCode::latched_acknowledged;
        case AlarmEvent::shelved:
            return alarm.state != AlarmStateCode::shelved && alarm.state != AlarmStateCode::out_of_service;
        case AlarmEvent::unshelved: return alarm.state == AlarmStateCode::shelved;
        case AlarmEvent::taken_out: return alarm.state != AlarmStateCode::out_of_service;
        case AlarmEvent::put_back: return alarm.state == AlarmStateCode::out_of_service;
        case AlarmEvent::commented: return true;
        default: return false;
    }
}

std::string AlarmBar::summary() const {
    const auto totals = totals_of(*alarms, site_area);
    const auto here = totals.of_page[static_cast<std::size_t>(page)];
    // First: in a narrow list the rest is cut off.
    auto text = (alarms->is_old() ? "not up to date; " : "") + std::to_string(here);
    if (page == AlarmPage::standing)
        text += (here == 1 ? " alarm, " : " alarms, ") + std::to_string(totals.unacknowledged) + " unacknowledged";
    else
        text += page == AlarmPage::shelved ? " shelved" : page == AlarmPage::suppressed ? " suppressed" : " out of service";
    return text;
}

float AlarmBar::height(const Pen& pen) const {
    const bool is_one_line = pen.area().width() >= pen.px(kSummary + kPagesWidth + kActionsWidth);
    return pen.px(is_one_line ? kLine : 2 * kLine);
}

AlarmBar::Outcome AlarmBar::draw(const Pen& pen, Area area) const {
    Outcome outcome;
    auto top = area.cut_top(pen.px(kLine));
    draw_pages(pen, top.cut_right(fitting(pen.px(kPagesWidth), top, pen.px(kPagesWidth + kSummary))), outcome);
    const bool is_one_line = area.height() < 1;
    auto summary_place = top.cut_left(is_one_line ? pen.px(kSummary) : top.width());
    summary_place.cut_right(pen.px(6));
    pen.text(summary_place, pen.px(16), Align::left, alarms->is_old() ? ColourRole::bad : ColourRole::text, summary());
    draw_actions(pen, is_one_line ? top : area, outcome);
    return outcome;
}

void AlarmBar::draw_pages(const Pen& pen, Area area, Outcome& outcome) const {
    const auto totals = totals_of(*alarms, site_area);
    const auto whole = area;
    for (std::size_t i = 0; i < kPages.size(); ++i) {
        const auto each = static_cast<AlarmPage>(i);
        auto word = std::string(kPages[i].word);
        if (each != AlarmPage::standing && totals.of_page[i] > 0) word += " " + std::to_string(totals.of_page[i]);
        const auto place = area.cut_left(fitting(pen.px(kPages[i].width), whole, pen.px(kPagesWidth))).shrunk(pen.px(2));
        if (choice_button(pen, place, kFirstPage + static_cast<int>(i), word, each == page) && each != page)
            outcome.page = each;
    }
}

std::vector<SelectedAlarm> AlarmBar::suited(AlarmEvent action) const {
    std::vector<SelectedAlarm> suited;
    for (const auto row : rows->selected(*listed)) {
        const auto alarm = (*listed)[row];
        if (const auto* seen = rows->seen(alarm.alarm); seen != nullptr && suits(action, alarm)) suited.push_back(*seen);
    }
    return suited;
}

// Where nothing is selected, all in sight can be acknowledged: never one that nobody has seen.
void AlarmBar::draw_actions(const Pen& pen, Area area, Outcome& outcome) const {
    const auto whole = area;
    const bool is_any_selected = !rows->selected(*listed).empty();
    for (std::size_t i = 0; i < kActions.size(); ++i) {
        const auto& action = kActions[i];
        if (!is_on(action, page)) continue;
        auto alarms_of = suited(action.event);
        auto word = action.word;
        if (action.event == AlarmEvent::acknowledged && !is_any_selected) {
            word = "Acknowledge all";
            for (auto row = rows->first(); row < rows->end(); ++row)
                if (const auto alarm = (*listed)[row]; suits(action.event, alarm))
                    alarms_of.push_back({std::string(alarm.alarm), alarm.id});
        }
        if (action.is_rare && alarms_of.empty()) continue;
        const auto place = area.cut_left(fitting(pen.px(action.width), whole, pen.px(kActionsWidth))).shrunk(pen.px(2));
        if (!word_button(pen, place, kFirstAction + static_cast<int>(i), word, !alarms_of.empty())) continue;
        outcome.action = action.event;
        outcome.wants_words = action.wants_words;
        outcome.alarms = std::move(alarms_of);
    }
}

}  // namespace penstock::basic
