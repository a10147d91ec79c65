#include "marks.hpp"

#include <algorithm>

namespace penstock::basic {
namespace {

constexpr float kLargestMark = 16;

void draw_cross(const Pen& pen, const Area& square) {
    pen.outline(square, ColourRole::bad);
    const auto inner = square.shrunk(square.width() * 0.2F);
    pen.list().AddLine(inner.from, inner.to, pen.colour(ColourRole::bad), pen.px(1.5F));
    pen.list().AddLine({inner.to.x, inner.from.y}, {inner.from.x, inner.to.y}, pen.colour(ColourRole::bad), pen.px(1.5F));
}

}  // namespace

Trust trust_of(const Binding& binding) noexcept {
    if (!binding.found && binding.quality != QualityCode::bad_waiting_for_initial) return Trust::missing;
    switch (level(binding.quality)) {
        case QualityLevel::good: return Trust::good;
        case QualityLevel::uncertain: return Trust::uncertain;
        case QualityLevel::bad: break;
    }
    return Trust::bad;
}

Trust worse_of(Trust a, Trust b) noexcept { return std::max(a, b); }

void draw_mark(const Pen& pen, Area& area, Trust trust) {
    if (trust == Trust::good) return;
    const float side = std::min({area.height(), area.width(), pen.px(kLargestMark)});
    if (side < 1) return;
    auto square = area.cut_left(side);
    area.cut_left(pen.px(3));
    const float spare = (square.height() - side) / 2;
    square.from.y += spare;
    square.to.y -= spare;
    switch (trust) {
        case Trust::uncertain:
            pen.list().AddCircle(square.centre(), side / 2 - 1, pen.colour(ColourRole::uncertain), 0, pen.px(1.5F));
            pen.text(square, side * 0.9F, Align::centre, ColourRole::uncertain, "~");
            return;
        case Trust::bad:
            pen.fill(square, ColourRole::bad);
            pen.text(square, side * 0.85F, Align::centre, ColourRole::equipment_running, "?");
            return;
        case Trust::missing: return draw_cross(pen, square);
        case Trust::good: return;
    }
}

std::string trust_text(const Binding& binding) {
    std::string text;
    switch (trust_of(binding)) {
        case Trust::good: return text;
        case Trust::missing:
            if (binding.tag.empty()) return "nothing is bound";
            text = "there is no tag \"";
            return text.append(binding.tag).append("\"");
        case Trust::uncertain: text = "uncertain"; break;
        case Trust::bad: text = "bad"; break;
    }
    if (!binding.cause.empty()) return text.append(": ").append(binding.cause);
    std::string reason(to_string(binding.quality));  // "bad_timeout"
    std::ranges::replace(reason, '_', ' ');
    return reason;
}

std::string write_text(const Binding& binding, const Format& format) {
    std::string text;
    switch (binding.write_state) {
        case abi::WriteState::none: return text;
        case abi::WriteState::asked: return "→ " + format.text(binding.asked) + " …";
        case abi::WriteState::refused: text = "× refused"; break;
        case abi::WriteState::unknown: text = "? outcome unknown"; break;
    }
    if (!binding.write_reason.empty()) text.append(": ").append(binding.write_reason);
    return text;
}

ColourRole write_colour(const Binding& binding) noexcept {
    return binding.write_state == abi::WriteState::asked ? ColourRole::asked : ColourRole::bad;
}

}  // namespace penstock::basic
