#include "button.hpp"

#include <algorithm>

#include "marks.hpp"
#include "press.hpp"
#include "tooltip.hpp"

namespace penstock::basic {
namespace {

struct State {
    std::string label, screen;
    Value value;
    Binding tag;

    [[nodiscard]] bool writes() const noexcept { return value.has_value(); }
    // It has to do with a tag, or ought to.
    [[nodiscard]] bool shows_tag() const noexcept { return writes() || !tag.tag.empty(); }
    [[nodiscard]] bool can_be_pressed() const noexcept { return writes() ? tag.found && tag.writable : !screen.empty(); }
    // The tag has what this button writes: it is the one that is pressed in.
    [[nodiscard]] bool is_in_force() const noexcept {
        if (!writes() || trust_of(tag) >= Trust::bad || !tag.value.has_value()) return false;
        const auto mine = value.converted_to(tag.value.type());
        return mine && mine->identical(tag.value);
    }
    // Another button on this tag asked for another value.
    [[nodiscard]] bool is_asked() const noexcept {
        if (!writes() || tag.write_state == abi::WriteState::none) return false;
        if (tag.write_state != abi::WriteState::asked) return true;
        const auto mine = value.converted_to(tag.asked.type());
        return mine && mine->identical(tag.asked);
    }
};

void draw_face(const Pen& pen, const Press& press, const State& state) {
    const auto area = pen.area();
    const bool is_in = press.is_held || state.is_in_force();
    const auto face = !state.can_be_pressed() ? ColourRole::surface
                      : is_in                 ? ColourRole::equipment
                                              : ColourRole::equipment_running;
    pen.fill(area, face, pen.px(3));
    pen.list().AddRect({area.from.x + 0.5F, area.from.y + 0.5F}, {area.to.x - 0.5F, area.to.y - 0.5F},
                       pen.colour(press.is_hovered && state.can_be_pressed() ? ColourRole::text_dim : ColourRole::outline),
                       pen.px(3), 0, 1);
    // Pressed in, for who cannot tell two greys apart: a bar along the lower edge.
    if (state.is_in_force()) {
        auto bar = area.shrunk(pen.px(4));
        pen.fill(bar.cut_bottom(std::min(pen.px(3), area.height() / 4)), ColourRole::text);
    }
    if (press.is_focused) pen.outline(area.shrunk(2), ColourRole::setpoint, 2);
}

std::string_view write_mark(const Binding& tag) {
    switch (tag.write_state) {
        case abi::WriteState::asked: return " …";
        case abi::WriteState::refused: return " ×";
        case abi::WriteState::unknown: return " ?";
        case abi::WriteState::none: break;
    }
    return "";
}

}  // namespace

void ButtonWidget::draw(Frame& frame) {
    const auto properties = frame.properties();
    const State state{properties.text_or("label", ""), properties.text_or("screen", ""), property_value(properties, "value"),
                      frame.binding("value")};
    const Pen pen(frame);
    const auto press = press_area(pen.area(), state.can_be_pressed());
    draw_face(pen, press, state);
    auto face = pen.area().shrunk(pen.px(4));
    if (state.shows_tag()) draw_mark(pen, face, trust_of(state.tag));
    const bool is_asked = state.is_asked();
    const auto role = is_asked ? write_colour(state.tag) : state.can_be_pressed() ? ColourRole::text : ColourRole::text_dim;
    pen.text(face, pen.px(16), Align::centre, role, is_asked ? state.label + std::string(write_mark(state.tag)) : state.label);

    auto text = state.label;
    if (state.is_in_force()) text += ", in force";
    if (state.shows_tag())
        for (const auto& note : {trust_text(state.tag), is_asked ? write_text(state.tag, Format(properties)) : std::string()})
            if (!note.empty()) text.append(", ").append(note);
    frame.describe(text);

    if (press.is_pressed && state.writes()) frame.write("value", state.value);
    if (press.is_pressed && !state.screen.empty()) frame.navigate(state.screen);
    if (state.shows_tag()) explain_on_hover(frame, {&state.tag});
}

}  // namespace penstock::basic
