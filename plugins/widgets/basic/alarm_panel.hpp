#pragma once

// What an operator wants to know of one alarm (ISA-18.2): what to do first, then by when, what happens otherwise, why; and how it stands.

#include <string>
#include <string_view>

#include <penstock/widget.hpp>

#include "number_text.hpp"
#include "pen.hpp"

namespace penstock::basic {

struct AlarmPanel {
    bool is_closed = false;  // somebody pressed "close"
    std::string words;  // what it shows
};
AlarmPanel draw_alarm_panel(Frame& frame, const Pen& pen, Area area, std::string_view alarm, const Format& format);

}  // namespace penstock::basic
