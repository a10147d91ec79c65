#include "apps/client/station_header.hpp"

#include <algorithm>
#include <cmath>

#include <imgui.h>

#include "apps/client/theme.hpp"

namespace penstock::station {
namespace {

constexpr float kLines = 1.6F;

float margin() { return ImGui::GetFontSize() * 0.7F; }

// What keeps the screen from being believed, in one line: "3 of 94 values are bad: device plc1: no answer within 1 s". "" if nothing.
std::string trouble_of(const client::ScreenModel& screen) {
    std::size_t bad = 0;
    const std::string* cause = nullptr;
    for (const auto& tag : screen.tags()) {
        if (!is_bad(tag.quality)) continue;
        ++bad;
        if (cause == nullptr && !tag.cause.empty()) cause = &tag.cause;
    }
    if (bad == 0) return {};
    auto text = std::to_string(bad) + " of " + std::to_string(screen.tags().size()) + " values are bad";
    if (cause != nullptr) text += ": " + *cause;
    return text;
}

}  // namespace

float StationHeader::height() const { return std::round(ImGui::GetFontSize() * kLines); }

void StationHeader::draw(float width, const client::ScreenModel* screen) {
    const auto line = ImGui::GetFontSize();
    auto& list = *ImGui::GetWindowDrawList();
    list.AddRectFilled(ImVec2(0, 0), ImVec2(width, height()), colour(ColourRole::surface));
    list.AddLine(ImVec2(0, height()), ImVec2(width, height()), colour(ColourRole::outline));
    auto title = station_.site_name();
    if (screen != nullptr && screen->title() != title) title += (title.empty() ? "" : "  /  ") + screen->title();
    const auto y = (height() - line) / 2;
    list.AddText(ImVec2(margin(), y), colour(ColourRole::text), title.c_str());
    auto right = draw_text(width - margin(), where_, is_warning_);
    right = draw_languages(right);
    right = draw_text(right, sound_note_, true);
    const auto trouble = screen == nullptr ? std::string() : trouble_of(*screen);
    if (trouble.empty()) return;
    const auto from = ImGui::CalcTextSize(title.c_str()).x + margin() * 3;
    const ImVec4 clip(from, 0, right, height());
    list.AddText(ImGui::GetFont(), line, ImVec2(from, y), colour(ColourRole::bad), trouble.c_str(), nullptr, 0, &clip);
}

float StationHeader::draw_text(float right, const std::string& text, bool is_warning) const {
    if (text.empty()) return right;
    const auto from = right - ImGui::CalcTextSize(text.c_str()).x;
    const ImVec2 at(from, (height() - ImGui::GetFontSize()) / 2);
    ImGui::GetWindowDrawList()->AddText(at, colour(is_warning ? ColourRole::uncertain : ColourRole::text_dim), text.c_str());
    return from - margin();
}

// Only where there is a choice.
float StationHeader::draw_languages(float right) {
    const auto& languages = station_.languages();
    if (languages.size() < 2) return right;
    float widest = 0;
    for (const auto& each : languages) widest = std::max(widest, ImGui::CalcTextSize(each.c_str()).x);
    const auto width = widest + ImGui::GetFrameHeight() + ImGui::GetStyle().FramePadding.x * 2;
    ImGui::SetCursorScreenPos(ImVec2(right - width, (height() - ImGui::GetFrameHeight()) / 2));
    ImGui::SetNextItemWidth(width);
    std::string wanted;
    if (ImGui::BeginCombo("##language", station_.language().c_str())) {
        for (const auto& each : languages)
            if (ImGui::Selectable(each.c_str(), each == station_.language())) wanted = each;
        ImGui::EndCombo();
    }
    if (!wanted.empty()) station_.set_language(std::move(wanted));
    return right - width - margin();
}

}  // namespace penstock::station
