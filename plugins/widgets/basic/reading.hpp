#pragma once

// A number as every widget of this library shows it: mark, value, unit; and above it its name, or what was asked of it.

#include <string>

#include "marks.hpp"

namespace penstock::basic {

// The name; while a write is not confirmed, or was turned down, that takes its place.
void draw_label(const Pen& pen, const Area& area, std::string_view label, const Binding& binding, const Format& format);

// Mark at the left, value and unit at the right. Bad: hatched and struck through. `size` is the value's.
void draw_reading(const Pen& pen, Area area, float size, const Binding& binding, const Format& format);

// The same in words: "Level 4.20 m, bad: the device did not answer, → 4.30 …".
[[nodiscard]] std::string reading_text(std::string_view label, const Binding& binding, const Format& format);

}  // namespace penstock::basic
