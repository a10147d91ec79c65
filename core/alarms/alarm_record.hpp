#pragma once

// A transition as an event of the events lane, and back. The event says everything that people, the index and streams want to know, so
// that it can be read without the site that it came from; recovery uses its numbers alone.

#include <cstdint>
#include <optional>

#include <penstock/history_operations.hpp>

#include "core/alarms/alarm_catalog.hpp"
#include "core/alarms/transition.hpp"
#include "core/tags/tag_catalog.hpp"

namespace penstock::alarms {

// Parameters: of `raised` the alarm's text in the site's first language, filled; of the rest comment or reason, if there is one.
// Without position and time.
[[nodiscard]] Event to_event(const Transition& transition, const AlarmCatalog& alarms, const tags::TagCatalog& tags);
// Nullopt: the event is of another kind. An occurrence that was written as 0 is the event's own position.
[[nodiscard]] std::optional<Transition> to_transition(const Event& event);

// A state's bits as they are stored; the numbers are never reused.
[[nodiscard]] std::uint16_t pack_state(const AlarmState& state) noexcept;
[[nodiscard]] AlarmState unpack_state(std::uint16_t flags) noexcept;

// Of a word in the type of the alarm's input.
[[nodiscard]] Value judged_value(const Judged& judged, const AlarmView& alarm, const tags::TagCatalog& tags);
// One of the alarm's texts with its placeholders filled in; numbers with four digits, so that they can be read.
[[nodiscard]] std::string filled(std::string_view text, const AlarmView& alarm, const tags::TagCatalog& tags,
                                 const Value& value, double limit);
// What the operator reads, in a language, filled.
[[nodiscard]] std::string shown_text(const AlarmCatalog& alarms, const AlarmView& alarm, const tags::TagCatalog& tags,
                                     const Value& value, double limit, std::size_t language = 0);

}  // namespace penstock::alarms
