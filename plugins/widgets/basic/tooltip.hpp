#pragma once

#include <penstock/widget.hpp>

#include "number_text.hpp"

namespace penstock::basic {

// Tells all about a tag while the mouse rests on the widget: name, exact value, quality with its cause, time, range, last write.
void explain_on_hover(const Frame& frame, std::initializer_list<const Binding*> bindings);

// "2026-11-21 00:50:05.120 UTC"; "" for no time.
[[nodiscard]] std::string time_text(UtcTime time);

}  // namespace penstock::basic
