#include "line.hpp"

#include <algorithm>

#include "pen.hpp"

namespace penstock::basic {
namespace {

void draw_arrow(const Pen& pen, const Area& area, std::string_view way, float head) {
    const auto middle = area.centre();
    const auto colour = pen.colour(ColourRole::outline);
    if (way == "right")
        pen.list().AddTriangleFilled({area.to.x - head, middle.y - head / 2}, {area.to.x, middle.y},
                                     {area.to.x - head, middle.y + head / 2}, colour);
    if (way == "left")
        pen.list().AddTriangleFilled({area.from.x + head, middle.y - head / 2}, {area.from.x + head, middle.y + head / 2},
                                     {area.from.x, middle.y}, colour);
    if (way == "down")
        pen.list().AddTriangleFilled({middle.x - head / 2, area.to.y - head}, {middle.x + head / 2, area.to.y - head},
                                     {middle.x, area.to.y}, colour);
    if (way == "up")
        pen.list().AddTriangleFilled({middle.x - head / 2, area.from.y + head}, {middle.x, area.from.y},
                                     {middle.x + head / 2, area.from.y + head}, colour);
}

// The line ends where the arrow's head begins.
Area shaft_of(Area area, std::string_view way, float head, float thickness) {
    if (way == "right") area.cut_right(head);
    if (way == "left") area.cut_left(head);
    if (way == "down") area.cut_bottom(head);
    if (way == "up") area.cut_top(head);
    const bool is_level = way == "right" || way == "left" || ((way == "none" || way.empty()) && area.width() >= area.height());
    const auto middle = area.centre();
    if (is_level) return {{area.from.x, middle.y - thickness / 2}, {area.to.x, middle.y + thickness / 2}};
    return {{middle.x - thickness / 2, area.from.y}, {middle.x + thickness / 2, area.to.y}};
}

}  // namespace

void LineWidget::draw(Frame& frame) {
    const auto properties = frame.properties();
    const auto way = properties.text_or("arrow", "none");
    const Pen pen(frame);
    const auto area = pen.area();
    const float narrow = std::min(area.width(), area.height());
    const float thickness = std::min(pen.px(static_cast<float>(properties.number_or("thickness", 3))), narrow);
    const float head = std::min(pen.px(12), narrow);
    pen.fill(shaft_of(area, way, head, thickness), ColourRole::outline);
    draw_arrow(pen, area, way, head);
    frame.describe(way == "none" ? "pipe" : "pipe, flows " + way);
}

}  // namespace penstock::basic
