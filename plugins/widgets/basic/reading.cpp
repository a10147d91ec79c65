#include "reading.hpp"

#include <algorithm>
#include <utility>

namespace penstock::basic {
namespace {

constexpr float kLabelSize = 13;
constexpr float kLargeLabelSize = 16;
constexpr float kLargeLabel = 20;  // the height from which a label is large
constexpr float kUnitSize = 13;
constexpr float kNarrowestValue = 24;  // a unit never takes the room of the value

std::string shown_value(const Binding& binding, Trust trust, const Format& format) {
    if (trust != Trust::missing) return format.text(binding.value);
    return binding.tag.empty() ? "not bound" : "no such tag";
}

// Units are typed without superscripts.
std::string shown_unit(std::string_view typed) {
    std::string unit(typed);
    for (const auto& [plain, shown] : {std::pair("m3", "m³"), std::pair("m2", "m²")}) {
        if (unit.starts_with(plain) && (unit.size() == 2 || unit[2] == '/')) unit.replace(0, 2, shown);
    }
    return unit;
}

Fit fit_of(const Reading& reading) {
    const auto type = reading.binding->value.type();
    const bool is_number = is_scalar_word(type) && type != ValueType::boolean && reading.trust != Trust::missing;
    return is_number ? Fit::number : Fit::words;
}

// At the right edge, roughly on the value's line; returns what it took.
float draw_unit(const Pen& pen, const Area& area, float size, std::string_view unit) {
    const float room = area.width() - pen.px(kNarrowestValue);
    if (unit.empty() || room <= 0) return 0;
    auto rest = area;
    auto place = rest.cut_right(room);
    place.from.y += std::max(0.0F, size - pen.px(kUnitSize)) * 0.6F;
    return pen.text(place, pen.px(kUnitSize), Align::right, ColourRole::text_dim, unit) + pen.px(4);
}

}  // namespace

Reading::Reading(const Binding& of, const Format& format)
    : binding(&of),
      trust(trust_of(of)),
      value(shown_value(of, trust, format)),
      unit(shown_unit(of.unit)),
      write(write_text(of, format)) {}

void draw_label(const Pen& pen, const Area& area, std::string_view label, const Reading& reading) {
    const bool has_write = !reading.write.empty();
    const float size = pen.px(area.height() >= pen.px(kLargeLabel) ? kLargeLabelSize : kLabelSize);
    pen.text(area, size, Align::left, has_write ? write_colour(*reading.binding) : ColourRole::text_dim,
             has_write ? reading.write : label);
}

void draw_reading(const Pen& pen, Area area, float size, const Reading& reading) {
    const bool is_bad = reading.trust >= Trust::bad;
    if (is_bad) pen.hatch(area, ColourRole::equipment);
    draw_mark(pen, area, reading.trust);
    area.cut_right(draw_unit(pen, area, size, reading.unit));
    const auto role = is_bad ? ColourRole::text_dim : ColourRole::text;
    const float width = pen.text(area, size, Align::right, role, reading.value, fit_of(reading));
    if (!is_bad || !reading.binding->value.has_value()) return;
    const float y = area.centre().y;
    pen.list().AddLine({area.to.x - width - 2, y}, {area.to.x, y}, pen.colour(ColourRole::bad), std::max(1.0F, pen.px(1.5F)));
}

std::string reading_text(std::string_view label, const Reading& reading) {
    std::string text;
    text.reserve(label.size() + reading.value.size() + reading.unit.size() + 2);
    text.append(label);
    if (!text.empty()) text += ' ';
    text += reading.value;
    if (!reading.unit.empty()) text.append(" ").append(reading.unit);
    if (reading.trust != Trust::good) text.append(", ").append(trust_text(*reading.binding));
    if (!reading.write.empty()) text.append(", ").append(reading.write);
    return text;
}

}  // namespace penstock::basic
