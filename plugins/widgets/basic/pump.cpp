#include "pump.hpp"

#include <algorithm>

#include "reading.hpp"
#include "tooltip.hpp"

namespace penstock::basic {
namespace {

struct State {
    Binding running, tripped, speed;
    std::string label;

    [[nodiscard]] bool has_trip() const noexcept { return !tripped.tag.empty(); }
    [[nodiscard]] bool has_speed() const noexcept { return !speed.tag.empty(); }
    [[nodiscard]] bool runs() const noexcept { return running.number_or(0) != 0; }
    [[nodiscard]] bool is_tripped() const noexcept { return has_trip() && tripped.number_or(0) != 0; }
    // Of the machine's state as a whole: a trip that cannot be seen is as bad as one that is.
    [[nodiscard]] Trust trust() const noexcept {
        return has_trip() ? worse_of(trust_of(running), trust_of(tripped)) : trust_of(running);
    }
    [[nodiscard]] std::string_view word() const noexcept {
        if (is_tripped()) return "TRIPPED";
        if (trust_of(running) == Trust::missing) return "no such tag";
        if (!running.value.has_value()) return "–";
        return runs() ? "running" : "stopped";
    }
};

// A circle with the triangle that points to the outlet; full while it runs, hollow while it stands.
void draw_symbol(const Pen& pen, const Area& square, const State& state) {
    const auto centre = square.centre();
    const float radius = std::min(square.width(), square.height()) / 2 - 1;
    if (radius < 2) return;
    const auto trust = state.trust();
    const bool runs = state.runs() && trust < Trust::bad;
    auto& list = pen.list();
    list.AddCircleFilled(centre, radius, pen.colour(runs ? ColourRole::equipment_running : ColourRole::equipment));
    list.AddCircle(centre, radius, pen.colour(state.is_tripped() ? ColourRole::alarm_urgent : ColourRole::outline), 0,
                   pen.px(state.is_tripped() ? 3.0F : 1.5F));
    const ImVec2 a(centre.x - radius * 0.4F, centre.y - radius * 0.62F);
    const ImVec2 b(centre.x + radius * 0.72F, centre.y);
    const ImVec2 c(centre.x - radius * 0.4F, centre.y + radius * 0.62F);
    if (runs)
        list.AddTriangleFilled(a, b, c, pen.colour(ColourRole::text_dim));
    else
        list.AddTriangle(a, b, c, pen.colour(ColourRole::text_dim), pen.px(1.5F));
    if (trust >= Trust::bad) pen.hatch(Area{centre, centre}.shrunk(-radius), ColourRole::text_dim);
}

void draw_word(const Pen& pen, Area area, const State& state) {
    draw_mark(pen, area, state.trust());
    if (!state.is_tripped()) {
        pen.text(area, pen.px(13), Align::left, ColourRole::text_dim, state.word());
        return;
    }
    const float width = std::min(area.width(), pen.text_width(pen.px(13), state.word()) + pen.px(10));
    auto plate = area.cut_left(width);
    pen.fill(plate, ColourRole::alarm_urgent);
    pen.text(plate, pen.px(13), Align::centre, ColourRole::equipment_running, state.word());
}

std::string description(const State& state, const Format& format) {
    std::string text = state.label;
    if (!text.empty()) text += ' ';
    text += state.word();
    if (const auto why = trust_text(state.running); !why.empty()) text.append(", ").append(why);
    if (state.has_trip() && trust_of(state.tripped) != Trust::good) text.append(", trip ").append(trust_text(state.tripped));
    if (state.has_speed()) text.append(", ").append(reading_text("", Reading(state.speed, format)));
    return text;
}

}  // namespace

void PumpWidget::draw(Frame& frame) {
    const auto properties = frame.properties();
    const Format format(properties);
    const State state{frame.binding("running"), frame.binding("tripped"), frame.binding("speed"),
                      properties.text_or("label", "")};
    const Pen pen(frame);
    auto area = pen.area();
    draw_symbol(pen, area.cut_left(std::min(area.height(), area.width() / 2)), state);
    area.cut_left(pen.px(8));
    const int rows = state.has_speed() ? 3 : 2;
    const float row = std::min(area.height() / static_cast<float>(rows), pen.px(20));
    area.cut_top((area.height() - row * static_cast<float>(rows)) / 2);
    pen.text(area.cut_top(row), pen.px(16), Align::left, ColourRole::text, state.label);
    draw_word(pen, area.cut_top(row).shrunk(1), state);
    if (state.has_speed()) draw_reading(pen, area.cut_top(row), pen.px(16), Reading(state.speed, format));
    frame.describe(description(state, format));
    explain_on_hover(frame, {&state.running, &state.tripped, &state.speed});
}

}  // namespace penstock::basic
