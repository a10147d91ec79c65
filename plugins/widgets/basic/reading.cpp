#include "reading.hpp"

#include <algorithm>
#include <utility>

namespace penstock::basic {
namespace {

constexpr float kLabelSize = 13;
constexpr float kUnitSize = 13;
constexpr float kNarrowestValue = 24;  // a unit never takes the room of the value

std::string shown_value(const Binding& binding, const Format& format) {
    if (trust_of(binding) != Trust::missing) return format.text(binding.value);
    return binding.tag.empty() ? "not bound" : "no such tag";
}

// Units are typed without superscripts.
std::string shown_unit(const Binding& binding) {
    std::string unit(binding.unit);
    for (const auto& [typed, shown] : {std::pair("m3", "m³"), std::pair("m2", "m²")}) {
        if (unit.starts_with(typed) && (unit.size() == 2 || unit[2] == '/')) unit.replace(0, 2, shown);
    }
    return unit;
}

Fit fit_of(const Binding& binding) {
    const auto type = binding.value.type();
    return is_scalar_word(type) && type != ValueType::boolean && trust_of(binding) != Trust::missing ? Fit::number : Fit::words;
}

}  // namespace

void draw_label(const Pen& pen, const Area& area, std::string_view label, const Binding& binding, const Format& format) {
    const auto write = write_text(binding, format);
    if (write.empty())
        pen.text(area, pen.px(kLabelSize), Align::left, ColourRole::text_dim, label);
    else
        pen.text(area, pen.px(kLabelSize), Align::left, write_colour(binding), write);
}

void draw_reading(const Pen& pen, Area area, float size, const Binding& binding, const Format& format) {
    const auto trust = trust_of(binding);
    const bool is_bad = trust >= Trust::bad;
    if (is_bad) pen.hatch(area, ColourRole::equipment);
    draw_mark(pen, area, trust);
    if (const auto shown = shown_unit(binding); !shown.empty()) {
        const float width = pen.text_width(pen.px(kUnitSize), shown);
        if (area.width() - width > pen.px(kNarrowestValue)) {
            auto unit = area.cut_right(width);
            area.cut_right(pen.px(4));
            unit.from.y += std::max(0.0F, size - pen.px(kUnitSize)) * 0.6F;  // roughly on the value's line
            pen.text(unit, pen.px(kUnitSize), Align::left, ColourRole::text_dim, shown);
        }
    }
    const auto value = shown_value(binding, format);
    const float width =
        pen.text(area, size, Align::right, is_bad ? ColourRole::text_dim : ColourRole::text, value, fit_of(binding));
    if (!is_bad || !binding.value.has_value()) return;
    const float y = area.centre().y;
    pen.list().AddLine({area.to.x - width - 2, y}, {area.to.x, y}, pen.colour(ColourRole::bad), std::max(1.0F, pen.px(1.5F)));
}

std::string reading_text(std::string_view label, const Binding& binding, const Format& format) {
    std::string text(label);
    if (!text.empty()) text += ' ';
    text += shown_value(binding, format);
    if (const auto unit = shown_unit(binding); !unit.empty()) text.append(" ").append(unit);
    for (const auto& note : {trust_text(binding), write_text(binding, format)})
        if (!note.empty()) text.append(", ").append(note);
    return text;
}

}  // namespace penstock::basic
