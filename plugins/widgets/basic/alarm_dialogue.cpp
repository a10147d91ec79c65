#include "alarm_dialogue.hpp"

#include <algorithm>
#include <array>

#include <imgui_stdlib.h>

#include "alarm_look.hpp"

namespace penstock::basic {
namespace {

constexpr float kLine = 30, kTitle = 24;
constexpr std::size_t kLongestReason = 1'000;  // bytes, as the server has it
constexpr int kDo = 1, kCancel = 2, kFirstTime = 10;

struct Offer {
    std::string_view word;
    Duration time;  // 0: until it is over
};
constexpr std::array<Offer, 5> kOffers = {
    {{"15 min", 15min}, {"1 h", 1h}, {"4 h", 4h}, {"8 h", 8h}, {"until it is over", Duration::zero()}}};
constexpr std::size_t kUsualOffer = 1;

std::string_view word_of(AlarmEvent action) {
    switch (action) {
        case AlarmEvent::shelved: return "Shelve";
        case AlarmEvent::taken_out: return "Take out of service";
        default: return "Comment";
    }
}

bool is_blank(std::string_view text) {
    return std::ranges::all_of(text, [](char c) { return c == ' '; });
}

}  // namespace

void AlarmDialogue::open(AlarmEvent action, std::vector<SelectedAlarm> alarms) {
    action_ = action;
    alarms_ = std::move(alarms);
    reason_.clear();
    fault_.clear();
    time_ = kUsualOffer;
    is_new_ = true;
    had_keyboard_ = has_keyboard_ = false;
}

float AlarmDialogue::height(const Pen& pen) const {
    return pen.px(kTitle + kLine + (action_ == AlarmEvent::shelved ? kLine : 0));
}

std::string AlarmDialogue::title() const {
    std::string text(word_of(action_));
    if (action_ == AlarmEvent::commented) text += " on";
    text.append(" ").append(alarms_.front().alarm);
    if (alarms_.size() > 1) text += " and " + std::to_string(alarms_.size() - 1) + " more";
    return text;
}

bool AlarmDialogue::draw(Frame& frame, const Pen& pen, Area area) {
    had_keyboard_ = has_keyboard_;
    has_keyboard_ = false;
    pen.fill(area, ColourRole::background, pen.px(3));
    pen.outline(area, ColourRole::setpoint, 2);
    area.cut_left(pen.px(8));
    area.cut_right(pen.px(4));
    auto head = area.cut_top(pen.px(kTitle));
    const auto title_width = pen.text(head, pen.px(16), Align::left, ColourRole::text, title());
    head.cut_left(title_width + pen.px(16));
    pen.text(head, pen.px(13), Align::left, fault_.empty() ? ColourRole::text_dim : ColourRole::bad,
             fault_.empty() ? "Enter does it, Esc leaves everything as it is" : fault_);
    if (action_ == AlarmEvent::shelved) draw_times(pen, area.cut_top(pen.px(kLine)));
    auto line = area.cut_top(pen.px(kLine));
    const bool is_cancelled = word_button(pen, line.cut_right(pen.px(84)).shrunk(pen.px(2)), kCancel, "Cancel");
    note_keyboard();
    const bool is_done = word_button(pen, line.cut_right(pen.px(148)).shrunk(pen.px(2)), kDo, word_of(action_));
    note_keyboard();
    const bool is_entered = draw_reason(frame, pen, line);
    const bool is_left = had_keyboard_ && ImGui::IsKeyPressed(ImGui::GetKeyIndex(ImGuiKey_Escape), false);
    const bool is_over = is_cancelled || is_left || ((is_done || is_entered) && ask(frame));
    if (is_over) alarms_.clear();
    return is_over;
}

// ImGui takes the keyboard away at Esc before anything is drawn, so the last frame counts as well.
void AlarmDialogue::note_keyboard() { has_keyboard_ = has_keyboard_ || ImGui::IsItemFocused() || ImGui::IsItemActive(); }

void AlarmDialogue::draw_times(const Pen& pen, Area area) {
    pen.text(area.cut_left(pen.px(64)), pen.px(13), Align::left, ColourRole::text_dim, "for");
    for (std::size_t i = 0; i < kOffers.size(); ++i) {
        const auto width = pen.px(kOffers[i].time == Duration::zero() ? 120 : 64);
        const auto place = area.cut_left(std::min(width, area.width())).shrunk(pen.px(2));
        if (choice_button(pen, place, kFirstTime + static_cast<int>(i), kOffers[i].word, i == time_)) time_ = i;
        note_keyboard();
    }
}

bool AlarmDialogue::draw_reason(Frame& frame, const Pen& pen, Area area) {
    const auto label = action_ == AlarmEvent::commented ? "comment" : "reason";
    pen.text(area.cut_left(pen.px(64)), pen.px(13), Align::left, ColourRole::text_dim, label);
    const auto field = area.shrunk(pen.px(2));
    if (field.width() < 1 || field.height() < 1) return false;
    ImGui::SetCursorScreenPos(field.from);
    ImGui::SetNextItemWidth(field.width());
    const float padding = std::max(0.0F, (field.height() - ImGui::GetFontSize()) / 2);
    ImGui::PushStyleVar(ImGuiStyleVar_FramePadding, {pen.px(4), padding});
    if (is_new_) ImGui::SetKeyboardFocusHere();
    is_new_ = false;
    const bool is_entered = ImGui::InputText("##reason", &reason_, ImGuiInputTextFlags_EnterReturnsTrue);
    ImGui::PopStyleVar();
    note_keyboard();
    if (ImGui::IsItemActive()) frame.redraw_in(400ms);  // the caret blinks
    return is_entered;
}

// False if something is wanting yet.
bool AlarmDialogue::ask(Frame& frame) {
    fault_.clear();
    if (is_blank(reason_)) fault_ = action_ == AlarmEvent::commented ? "a comment is wanted" : "a reason is wanted";
    if (reason_.size() > kLongestReason)
        fault_ = "it has " + std::to_string(reason_.size()) + " bytes; at most " + std::to_string(kLongestReason);
    if (!fault_.empty()) {
        is_new_ = true;  // takes the keyboard back, which Enter has let go
        return false;
    }
    const auto time = action_ == AlarmEvent::shelved ? kOffers[time_].time : Duration::zero();
    const bool is_once = action_ == AlarmEvent::shelved && time == Duration::zero();
    std::vector<abi::AlarmName> names;
    for (const auto& each : alarms_) names.push_back(each.name());
    frame.act_on_alarms({is_once ? AlarmEvent::shelved_once : action_, names, reason_, time});
    return true;
}

std::string AlarmDialogue::words() const {
    auto text = title();
    if (action_ == AlarmEvent::shelved) text.append(", for ").append(kOffers[time_].word);
    text.append(": ").append(reason_);
    if (!fault_.empty()) text.append(" (").append(fault_).append(")");
    return text;
}

}  // namespace penstock::basic
