#pragma once

// How far a value can be trusted, and what became of a write: as shapes, so that nobody needs to tell colours apart.
//
//     good        nothing
//     uncertain   a ring with "~"
//     bad         a full square with "?"; what it stands for is hatched and struck through
//     missing     an empty square, crossed: nothing is bound, or the tag does not exist

#include <string>

#include "number_text.hpp"
#include "pen.hpp"

namespace penstock::basic {

enum class Trust { good, uncertain, bad, missing };

[[nodiscard]] Trust trust_of(const Binding& binding) noexcept;
// The worse of two.
[[nodiscard]] Trust worse_of(Trust a, Trust b) noexcept;

// The mark of `trust`, as large as the square that fits the area's height, at its left; nothing for good. Cuts it off the area.
void draw_mark(const Pen& pen, Area& area, Trust trust);

// Why a value is not good, in words: "bad: the device did not answer". "" for good.
[[nodiscard]] std::string trust_text(const Binding& binding);

// A write of this station that the device has not confirmed: "→ 4.20 …", "× refused: ...", "? outcome unknown: ...". "" for none.
[[nodiscard]] std::string write_text(const Binding& binding, const Format& format);
[[nodiscard]] ColourRole write_colour(const Binding& binding) noexcept;

}  // namespace penstock::basic
