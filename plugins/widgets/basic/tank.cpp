#include "tank.hpp"

#include <algorithm>
#include <cmath>
#include <optional>

#include "reading.hpp"
#include "tooltip.hpp"

namespace penstock::basic {
namespace {

constexpr int kTicks = 4;

struct Scale {
    double low, high;
    [[nodiscard]] bool is_known() const noexcept { return std::isfinite(low) && std::isfinite(high) && high > low; }
    // 0 = empty, 1 = full; nothing where it cannot be said.
    [[nodiscard]] std::optional<float> share(double value) const noexcept {
        if (!is_known() || std::isnan(value)) return std::nullopt;
        return static_cast<float>(std::clamp((value - low) / (high - low), 0.0, 1.0));
    }
};

float y_of(const Area& vessel, float share) { return vessel.to.y - share * vessel.height(); }

// The level's quality decides how the content is drawn: full colour only for what is known.
void draw_content(const Pen& pen, const Area& vessel, const Binding& level, const Scale& scale) {
    const auto share = scale.share(level.number_or(std::nan("")));
    const auto trust = trust_of(level);
    if (trust >= Trust::bad) pen.hatch(vessel, ColourRole::text_dim);
    if (!share) return;
    const float y = y_of(vessel, *share);
    if (trust < Trust::bad) pen.fill({{vessel.from.x, y}, vessel.to}, ColourRole::fill);
    pen.list().AddLine({vessel.from.x, y}, {vessel.to.x, y},
                       pen.colour(trust < Trust::bad ? ColourRole::text_dim : ColourRole::bad), 1);
}

void draw_ticks(const Pen& pen, const Area& strip) {
    for (int i = 0; i <= kTicks; ++i) {
        const float y = std::max(std::min(y_of(strip, static_cast<float>(i) / kTicks), strip.to.y - 1), strip.from.y);
        const float length = i % kTicks == 0 ? strip.width() : strip.width() / 2;
        pen.list().AddLine({strip.from.x, y}, {strip.from.x + length, y}, pen.colour(ColourRole::outline), 1);
    }
}

// A pointer beside the vessel: hollow while its value is not to be trusted, and marked where the strip begins.
void draw_setpoint(const Pen& pen, const Area& strip, const Binding& setpoint, const Scale& scale) {
    const auto pointer = [&](double value, ColourRole role, bool is_full) {
        const auto share = scale.share(value);
        if (!share) return;
        const float size = std::min(pen.px(10), strip.width());
        const float y = std::max(std::min(y_of(strip, *share), strip.to.y - size / 2), strip.from.y + size / 2);
        const ImVec2 tip(strip.from.x, y);
        const ImVec2 above(strip.from.x + size, y - size / 2);
        const ImVec2 below(strip.from.x + size, y + size / 2);
        if (is_full)
            pen.list().AddTriangleFilled(tip, above, below, pen.colour(role));
        else
            pen.list().AddTriangle(tip, above, below, pen.colour(role), pen.px(1.5F));
    };
    const auto trust = trust_of(setpoint);
    auto head = Area{strip.from, {strip.to.x, strip.from.y + strip.width()}};
    draw_mark(pen, head, trust);
    pointer(setpoint.number_or(std::nan("")), trust == Trust::good ? ColourRole::setpoint : ColourRole::bad,
            trust == Trust::good);
    if (setpoint.write_state == abi::WriteState::asked)
        pointer(setpoint.asked.as_double_or(std::nan("")), ColourRole::asked, false);
}

// A limit switch: nothing while it is quiet.
void draw_alarm(const Pen& pen, Area plate, const Binding& alarm, std::string_view word) {
    if (alarm.tag.empty()) return;
    draw_mark(pen, plate, trust_of(alarm));
    if (alarm.number_or(0) == 0) return;
    pen.fill(plate, ColourRole::alarm_urgent);
    pen.text(plate.shrunk(1), pen.px(13), Align::centre, ColourRole::equipment_running, word);
}

std::string alarm_text(const Binding& alarm, std::string_view word) {
    if (alarm.tag.empty()) return {};
    std::string text;
    if (alarm.number_or(0) != 0) text.append(", ").append(word);
    if (const auto why = trust_text(alarm); !why.empty()) text.append(", ").append(word).append(" ").append(why);
    return text;
}

}  // namespace

void TankWidget::draw(Frame& frame) {
    const auto properties = frame.properties();
    const Format format(properties);
    const auto label = properties.text_or("label", "");
    const auto level = frame.binding("level");
    const auto setpoint = frame.binding("setpoint");
    const auto high_alarm = frame.binding("high_alarm");
    const auto low_alarm = frame.binding("low_alarm");
    const Scale scale{properties.number_or("low", level.range_low), properties.number_or("high", level.range_high)};

    const Reading reading(level, format);
    const Pen pen(frame);
    auto area = pen.area();
    if (!label.empty()) draw_label(pen, area.cut_top(std::min(pen.px(18), area.height() / 4)), label, reading);
    const auto foot = area.cut_bottom(std::min(pen.px(28), area.height() / 3));
    area.cut_bottom(pen.px(4));
    auto pointers = area.cut_right(std::min(pen.px(12), area.width() / 4));
    const auto ticks = area.cut_right(std::min(pen.px(8), area.width() / 4));
    pen.fill(area, ColourRole::equipment);
    draw_content(pen, area, level, scale);
    pen.outline(area, ColourRole::outline, std::max(1.0F, pen.px(1.5F)));
    draw_ticks(pen, ticks);
    if (!setpoint.tag.empty()) draw_setpoint(pen, pointers, setpoint, scale);
    auto inside = area.shrunk(pen.px(3));
    draw_alarm(pen, inside.cut_top(pen.px(18)), high_alarm, "HIGH");
    draw_alarm(pen, inside.cut_bottom(pen.px(18)), low_alarm, "LOW");
    draw_reading(pen, foot, pen.px(20), reading);

    auto text = reading_text(label, reading);
    if (!setpoint.tag.empty()) text.append(", setpoint ").append(reading_text("", Reading(setpoint, format)));
    frame.describe(text + alarm_text(high_alarm, "HIGH") + alarm_text(low_alarm, "LOW"));
    explain_on_hover(frame, {&level, &setpoint, &high_alarm, &low_alarm});
}

}  // namespace penstock::basic
