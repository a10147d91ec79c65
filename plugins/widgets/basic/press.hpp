#pragma once

// An area that a person can press, by mouse or by keyboard.

#include <algorithm>

#include "pen.hpp"

namespace penstock::basic {

struct Press {
    bool is_pressed = false;
    bool is_held = false;
    bool is_hovered = false;
    bool is_focused = false;  // the keyboard is here
};

// Where it cannot be pressed it is left out of the keyboard's way.
[[nodiscard]] inline Press press_area(const Area& area, bool can_be_pressed) {
    Press press;
    if (!can_be_pressed) return press;
    ImGui::SetCursorScreenPos(area.from);
    press.is_pressed = ImGui::InvisibleButton("press", {std::max(area.width(), 1.0F), std::max(area.height(), 1.0F)});
    press.is_held = ImGui::IsItemActive();
    press.is_hovered = ImGui::IsItemHovered();
    press.is_focused = ImGui::IsItemFocused() && ImGui::GetIO().NavVisible;
    // ImGui's own key for it is Space.
    if (press.is_focused && ImGui::IsKeyPressed(ImGui::GetKeyIndex(ImGuiKey_Enter), false)) press.is_pressed = true;
    return press;
}

}  // namespace penstock::basic
