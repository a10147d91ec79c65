#include "value.hpp"

#include <algorithm>

#include "tooltip.hpp"

namespace penstock::basic {

void ValueWidget::draw(Frame& frame) {
    if (!look_) look_.emplace(frame.properties());
    const auto value = frame.binding("value");
    const Reading reading(value, look_->format);
    const Pen pen(frame);
    auto area = pen.area();
    if (!look_->label.empty() || !reading.write.empty())
        draw_label(pen, area.cut_top(std::min(std::max(pen.px(16), area.height() * 0.3F), area.height() / 2)), look_->label,
                   reading);
    draw_reading(pen, area, std::clamp(area.height() * 0.72F, pen.px(10), pen.px(32)), reading);
    frame.describe(reading_text(look_->label, reading));
    explain_on_hover(frame, {&value});
}

}  // namespace penstock::basic
