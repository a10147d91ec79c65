#pragma once

#include <cstdint>

#include <penstock/widget.hpp>

namespace penstock::station {

// Colours by meaning (ISA-101.01, 5.3): a calm grey, and colour for what is abnormal.
[[nodiscard]] ImU32 colour(ColourRole role) noexcept;

// ImGui's own controls in the same greys. After the context was made.
void apply_theme(float scale);

}  // namespace penstock::station
