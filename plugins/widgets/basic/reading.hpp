#pragma once

// A value as every widget of this library shows it: mark, value, unit; and above it its name, or what was asked of it.

#include <string>

#include "marks.hpp"

namespace penstock::basic {

// The words of one value in one frame. `binding` outlives it.
struct Reading {
    Reading(const Binding& binding, const Format& format);

    const Binding* binding;
    Trust trust;
    std::string value;
    std::string unit;
    std::string write;  // of a write that is not confirmed, or was turned down
};

// The name; while a write is not confirmed, or was turned down, that takes its place.
void draw_label(const Pen& pen, const Area& area, std::string_view label, const Reading& reading);

// Mark at the left, value and unit at the right. Bad: hatched and struck through. `size` is the value's.
void draw_reading(const Pen& pen, Area area, float size, const Reading& reading);

// The same in words: "Level 4.20 m, bad: the device did not answer, → 4.30 …".
[[nodiscard]] std::string reading_text(std::string_view label, const Reading& reading);

}  // namespace penstock::basic
