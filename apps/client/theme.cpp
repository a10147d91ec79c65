#include "apps/client/theme.hpp"

#include <array>
#include <charconv>

namespace penstock::station {
namespace {

constexpr std::array kColours = {
    IM_COL32(0xC8, 0xCB, 0xCD, 255),  // background
    IM_COL32(0xD9, 0xDB, 0xDD, 255),  // surface
    IM_COL32(0x8A, 0x8F, 0x94, 255),  // outline
    IM_COL32(0x1E, 0x22, 0x26, 255),  // text
    IM_COL32(0x5C, 0x63, 0x69, 255),  // text_dim
    IM_COL32(0xA4, 0xA9, 0xAD, 255),  // equipment
    IM_COL32(0xF4, 0xF5, 0xF6, 255),  // equipment_running
    IM_COL32(0x8F, 0xA3, 0xB3, 255),  // fill
    IM_COL32(0x2F, 0x5D, 0x8C, 255),  // setpoint
    IM_COL32(0x2F, 0x5D, 0x8C, 255),  // asked
    IM_COL32(0xB0, 0x21, 0x6B, 255),  // bad
    IM_COL32(0x8A, 0x5A, 0x00, 255),  // uncertain
    IM_COL32(0xC6, 0x1A, 0x1A, 255),  // alarm_urgent
    IM_COL32(0xD9, 0x6A, 0x00, 255),  // alarm_high
    IM_COL32(0xC9, 0xA2, 0x00, 255),  // alarm_medium
    IM_COL32(0x8C, 0x3F, 0xA8, 255),  // alarm_low
};

ImVec4 vec(ColourRole role) { return ImGui::ColorConvertU32ToFloat4(colour(role)); }

}  // namespace

ImU32 colour(ColourRole role) noexcept {
    const auto index = static_cast<std::size_t>(role);
    return kColours[index < kColours.size() ? index : static_cast<std::size_t>(ColourRole::bad)];
}

ColourRole colour_of_priority(std::uint32_t priority) noexcept {
    switch (priority) {
        case 0:
        case 1: return ColourRole::alarm_urgent;
        case 2: return ColourRole::alarm_high;
        case 3: return ColourRole::alarm_medium;
        default: return ColourRole::alarm_low;
    }
}

std::optional<ImU32> parse_colour(std::string_view text) noexcept {
    std::uint32_t rgb = 0;
    if (text.size() != 7 || text[0] != '#') return std::nullopt;
    const auto [end, fault] = std::from_chars(text.data() + 1, text.data() + text.size(), rgb, 16);
    if (fault != std::errc() || end != text.data() + text.size()) return std::nullopt;
    return IM_COL32(rgb >> 16, rgb >> 8 & 0xFF, rgb & 0xFF, 255);
}

void apply_theme(float scale) {
    auto& style = ImGui::GetStyle();
    style = ImGuiStyle();
    ImGui::StyleColorsLight(&style);
    style.WindowRounding = style.FrameRounding = style.PopupRounding = 2.0F;
    style.WindowBorderSize = 0.0F;
    style.FrameBorderSize = 1.0F;
    style.Colors[ImGuiCol_WindowBg] = vec(ColourRole::background);
    style.Colors[ImGuiCol_PopupBg] = vec(ColourRole::surface);
    style.Colors[ImGuiCol_Text] = vec(ColourRole::text);
    style.Colors[ImGuiCol_TextDisabled] = vec(ColourRole::text_dim);
    style.Colors[ImGuiCol_Border] = vec(ColourRole::outline);
    style.Colors[ImGuiCol_FrameBg] = vec(ColourRole::equipment_running);
    style.Colors[ImGuiCol_Button] = vec(ColourRole::surface);
    style.Colors[ImGuiCol_ButtonHovered] = vec(ColourRole::equipment_running);
    style.Colors[ImGuiCol_ButtonActive] = vec(ColourRole::equipment);
    style.ScaleAllSizes(scale);
}

}  // namespace penstock::station
