#include "value.hpp"

#include <algorithm>

#include "reading.hpp"
#include "tooltip.hpp"

namespace penstock::basic {

void ValueWidget::draw(Frame& frame) {
    const auto properties = frame.properties();
    const auto value = frame.binding("value");
    const Format format(properties);
    const auto label = properties.text_or("label", "");
    const Pen pen(frame);
    auto area = pen.area();
    const bool has_head = !label.empty() || value.write_state != abi::WriteState::none;
    if (has_head) draw_label(pen, area.cut_top(std::min(pen.px(16), area.height() / 2)), label, value, format);
    draw_reading(pen, area, std::clamp(area.height() * 0.72F, pen.px(10), pen.px(32)), value, format);
    frame.describe(reading_text(label, value, format));
    explain_on_hover(frame, {&value});
}

}  // namespace penstock::basic
