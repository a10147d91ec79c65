#include "text.hpp"

#include "pen.hpp"

namespace penstock::basic {
namespace {

float size_of(std::string_view word) { return word == "large" ? 24.0F : word == "small" ? 13.0F : 16.0F; }

Align align_of(std::string_view word) {
    return word == "right" ? Align::right : word == "centre" ? Align::centre : Align::left;
}

}  // namespace

void TextWidget::draw(Frame& frame) {
    const auto properties = frame.properties();
    const auto text = properties.text_or("text", "");
    const auto size = properties.text_or("size", "normal");
    const Pen pen(frame);
    pen.text(pen.area(), pen.px(size_of(size)), align_of(properties.text_or("align", "left")),
             size == "small" ? ColourRole::text_dim : ColourRole::text, text);
    frame.describe(text);
}

}  // namespace penstock::basic
