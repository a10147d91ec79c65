#include "panel.hpp"

#include "pen.hpp"

namespace penstock::basic {

void PanelWidget::draw(Frame& frame) {
    const auto title = frame.properties().text_or("title", "");
    const Pen pen(frame);
    pen.fill(pen.area(), ColourRole::surface, pen.px(3));
    if (!title.empty()) {
        auto head = pen.area().shrunk(pen.px(8));
        pen.text(head.cut_top(pen.px(20)), pen.px(16), Align::left, ColourRole::text, title);
    }
    frame.describe(title.empty() ? "panel" : title);
}

}  // namespace penstock::basic
