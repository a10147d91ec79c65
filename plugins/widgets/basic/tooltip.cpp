#include "tooltip.hpp"

#include <array>
#include <cmath>
#include <cstdio>

#include "marks.hpp"

namespace penstock::basic {
namespace {

constexpr float kWrapColumns = 36;         // letters of the font's height
constexpr float kUsualLines = 8;
constexpr std::size_t kLongestText = 400;  // a string of 64 KiB is no tooltip

void line(std::string_view text) {
    if (!text.empty()) ImGui::TextUnformatted(text.data(), text.data() + text.size());
}

std::string value_line(const Binding& binding) {
    auto text = binding.value.has_value() ? binding.value.text() : std::string("no value yet");
    if (text.size() > kLongestText) text = text.substr(0, kLongestText) + " …";
    if (!binding.unit.empty()) text.append(" ").append(binding.unit);
    return text;
}

std::string range_line(const Binding& binding) {
    if (std::isnan(binding.range_low) || std::isnan(binding.range_high)) return {};
    std::string text = "range " + Value(binding.range_low).text() + " to " + Value(binding.range_high).text();
    if (!binding.unit.empty()) text.append(" ").append(binding.unit);
    return text;
}

void explain(const Binding& binding) {
    if (binding.tag.empty()) return line("nothing is bound here");
    line(binding.tag);
    ImGui::Separator();
    if (binding.found) line(value_line(binding));
    const auto trust = trust_text(binding);
    line(trust.empty() ? "good" : trust);
    line(time_text(binding.source_time));
    line(range_line(binding));
    if (binding.write_state == abi::WriteState::asked)
        line("asked: " + binding.asked.text() + ", not yet confirmed by the device");
    else
        line(write_text(binding, Format(Settings())));
}

// Beside the widget, never over it: what is explained stays in sight.
void place_beside(ImVec2 at, ImVec2 size) {
    constexpr float kGap = 6;
    const auto display = ImGui::GetIO().DisplaySize;
    const float line = ImGui::GetTextLineHeightWithSpacing();
    const bool is_above = at.y + size.y + line * kUsualLines > display.y;
    const bool is_left = at.x + ImGui::GetFontSize() * kWrapColumns > display.x;
    ImGui::SetNextWindowPos({is_left ? at.x + size.x : at.x, is_above ? at.y - kGap : at.y + size.y + kGap}, ImGuiCond_Always,
                            {is_left ? 1.0F : 0.0F, is_above ? 1.0F : 0.0F});
}

}  // namespace

void explain_on_hover(const Frame& frame, std::initializer_list<const Binding*> bindings) {
    const auto at = frame.position();
    const auto size = frame.size();
    if (!ImGui::IsMouseHoveringRect(at, {at.x + size.x, at.y + size.y}) || !ImGui::IsWindowHovered()) return;
    place_beside(at, size);
    ImGui::BeginTooltip();
    ImGui::PushTextWrapPos(ImGui::GetFontSize() * kWrapColumns);
    bool is_first = true;
    for (const auto* binding : bindings) {
        if (!is_first && binding->tag.empty()) continue;  // an optional binding that this widget does not use
        if (!is_first) ImGui::Spacing();
        explain(*binding);
        is_first = false;
    }
    ImGui::PopTextWrapPos();
    ImGui::EndTooltip();
}

std::string time_text(UtcTime time) {
    if (time == UtcTime()) return {};
    const auto day = std::chrono::floor<std::chrono::days>(time);
    const std::chrono::year_month_day date(day);
    const std::chrono::hh_mm_ss clock(std::chrono::floor<std::chrono::milliseconds>(time - day));
    std::array<char, 64> text;
    const int size =
        std::snprintf(text.data(), text.size(), "%04d-%02u-%02u %02d:%02d:%02d.%03d UTC", static_cast<int>(date.year()),
                      static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                      static_cast<int>(clock.hours().count()), static_cast<int>(clock.minutes().count()),
                      static_cast<int>(clock.seconds().count()), static_cast<int>(clock.subseconds().count()));
    return {text.data(), static_cast<std::size_t>(size)};
}

}  // namespace penstock::basic
