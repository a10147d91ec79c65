#pragma once

// How alarms look, in list and banner alike (ISA-101): grey, with colour by priority only where somebody is needed, and never by colour
// alone: each priority has a shape and its number, what is unacknowledged is filled and blinks slowly.

#include <string>
#include <string_view>

#include <penstock/widget.hpp>

#include "number_text.hpp"
#include "pen.hpp"

namespace penstock::basic {

// Dark or light, whatever is better read on that colour.
[[nodiscard]] ColourRole ink_on(Frame& frame, ImU32 ground);
// Filled and heavy take turns where somebody is needed; an outline is calm.
enum class MarkStyle { outline, heavy, filled };
// In the square that fits the area's height, at its left; cut off the area.
void draw_priority_mark(Frame& frame, const Pen& pen, Area& area, std::uint32_t priority, MarkStyle style);
// The mark of an alarm at this moment of its blinking. Asks for the next frame while it blinks.
void draw_alarm_mark(Frame& frame, const Pen& pen, Area& area, const ShownAlarm& alarm);

// "11-21 10:03:17", local.
[[nodiscard]] std::string alarm_time(UtcTime since);
[[nodiscard]] std::string state_words(AlarmStateCode state);  // "returned unacknowledged"
// "unacknowledged", "acknowledged by anna", "shelved by anna: bearing is being changed".
[[nodiscard]] std::string alarm_state(const ShownAlarm& alarm);
[[nodiscard]] std::string alarm_value(const ShownAlarm& alarm, const Format& format);
// All of it on one line, for who cannot see it.
[[nodiscard]] std::string alarm_words(const ShownAlarm& alarm, const Format& format);

// A small button with a word; true when it is pressed. `id` tells it from others of the widget.
bool word_button(const Pen& pen, const Area& area, int id, std::string_view word, bool can_be_pressed = true);
// One of several of which one is in force: that one is pressed in and has a bar along its lower edge.
bool choice_button(const Pen& pen, const Area& area, int id, std::string_view word, bool is_chosen);

}  // namespace penstock::basic
