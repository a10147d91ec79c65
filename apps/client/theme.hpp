#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include <penstock/widget.hpp>

namespace penstock::station {

// Colours by meaning (ISA-101.01, 5.3): a calm grey, and colour for what is abnormal.
[[nodiscard]] ImU32 colour(ColourRole role) noexcept;

// Of the theme, where the site says nothing: the roles 1, 2, 3 and all that is less urgent.
[[nodiscard]] ColourRole colour_of_priority(std::uint32_t priority) noexcept;

// "#rrggbb"; nothing for all else.
[[nodiscard]] std::optional<ImU32> parse_colour(std::string_view text) noexcept;

// ImGui's own controls in the same greys. After the context was made.
void apply_theme(float scale);

}  // namespace penstock::station
