#include "trend.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include "reading.hpp"
#include "tooltip.hpp"
#include "trend_scale.hpp"

namespace penstock::basic {
namespace {

constexpr std::array<Duration, 11> kSpans{1min, 5min, 15min, 1h, 4h, 12h, 24h, 3 * 24h, 7 * 24h, 30 * 24h, 365 * 24h};
constexpr float kLabelSize = 12;

// Where the picture is, and how values and columns lie in it.
struct Field {
    Area area;
    TrendScale scale;
    [[nodiscard]] float x_of(std::size_t column) const noexcept { return area.from.x + static_cast<float>(column); }
    [[nodiscard]] float y_of(double value) const noexcept {
        return std::round(area.to.y - 1 - scale.share(value) * (area.height() - 1));
    }
};

bool has_value(const Trend& trend, std::size_t column) {
    return std::isfinite(trend.minimum[column]) && std::isfinite(trend.maximum[column]);
}

// Stretches without a value, and how many there are.
std::size_t draw_gaps(const Pen& pen, const Field& field, const Trend& trend) {
    std::size_t gaps = 0;
    for (std::size_t i = 0; i < trend.size();) {
        if (has_value(trend, i) || !trend.is_known(i)) {
            ++i;
            continue;
        }
        const auto begin = i;
        while (i < trend.size() && !has_value(trend, i) && trend.is_known(i)) ++i;
        const Area gap{{field.x_of(begin), field.area.from.y}, {field.x_of(i), field.area.to.y}};
        pen.fill(gap, ColourRole::background);
        pen.hatch(gap, ColourRole::outline);
        ++gaps;
    }
    return gaps;
}

// One filled column a pixel, from the smallest to the largest value, joined to the column before. A polyline would break into dots.
void draw_columns(const Pen& pen, const Field& field, const Trend& trend) {
    const auto ink = pen.colour(ColourRole::text);
    float last_top = 0, last_bottom = 0;
    bool is_joined = false;
    for (std::size_t i = 0; i < trend.size(); ++i) {
        if (!has_value(trend, i)) {
            is_joined = false;
            continue;
        }
        const float own_top = field.y_of(trend.maximum[i]), own_bottom = field.y_of(trend.minimum[i]) + 1;
        float top = own_top, bottom = std::max(own_bottom, own_top + std::max(1.0F, std::round(pen.px(1.5F))));
        const float seen_bottom = bottom;
        if (is_joined) {
            top = std::min(top, last_bottom);
            bottom = std::max(bottom, last_top);
        }
        pen.list().AddRectFilled({field.x_of(i), std::max(top, field.area.from.y)},
                                 {field.x_of(i) + 1, std::min(bottom, field.area.to.y)}, ink);
        last_top = own_top;
        last_bottom = seen_bottom;
        is_joined = true;
    }
}

// Below the columns whose values were not all good: a low bar for uncertain, a high one where some were bad.
void draw_doubts(const Pen& pen, const Field& field, const Trend& trend) {
    for (std::size_t i = 0; i < trend.size(); ++i) {
        if (!has_value(trend, i) || level(trend.worst[i]) == QualityLevel::good) continue;
        const bool is_bad = level(trend.worst[i]) == QualityLevel::bad;
        pen.list().AddRectFilled({field.x_of(i), field.area.to.y - pen.px(is_bad ? 8 : 4)},
                                 {field.x_of(i) + 1, field.area.to.y},
                                 pen.colour(is_bad ? ColourRole::bad : ColourRole::uncertain));
    }
}

void draw_scale(const Pen& pen, const Field& field, const Area& strip) {
    const auto steps =
        std::clamp(static_cast<int>(std::lround((field.scale.high - field.scale.low) / field.scale.step)), 1, 20);
    for (int i = 0; i <= steps; ++i) {
        const auto value = field.scale.low + (field.scale.high - field.scale.low) * i / steps;
        const float y = field.y_of(value), half = pen.px(kLabelSize) * 0.6F;
        pen.list().AddLine({field.area.from.x, y + 0.5F}, {field.area.to.x, y + 0.5F}, pen.colour(ColourRole::outline), 1);
        const float middle = std::clamp(y, strip.from.y + half, std::max(strip.from.y + half, strip.to.y - half));
        pen.text({{strip.from.x, middle - half}, {strip.to.x, middle + half}}, pen.px(kLabelSize), Align::right,
                 ColourRole::text_dim, scale_text(value, field.scale.step), Fit::number);
    }
}

void draw_times(const Pen& pen, const Area& strip, Duration span) {
    pen.text(strip, pen.px(kLabelSize), Align::left, ColourRole::text_dim, "\u2212" + span_text(span));
    if (strip.width() > pen.px(160)) {
        const float x = std::round(strip.centre().x);
        pen.list().AddLine({x, strip.from.y}, {x, strip.from.y + pen.px(3)}, pen.colour(ColourRole::outline), 1);
    }
    pen.text(strip, pen.px(kLabelSize), Align::right, ColourRole::text_dim, "now");
}

// In words: "Level 4.20 m; last 1 h: 3.80 to 4.31, 2 gaps".
std::string words_of(const Trend& trend, Duration span, const Format& format, std::size_t gaps) {
    std::string text = "; last " + span_text(span) + ": ";
    if (!trend.fault.empty()) return text.append(trend.fault);
    if (trend.size() == 0) return text + "not known yet";
    double least = std::nan(""), most = least;
    for (std::size_t i = 0; i < trend.size(); ++i) {
        if (!has_value(trend, i)) continue;
        least = std::fmin(least, trend.minimum[i]);
        most = std::fmax(most, trend.maximum[i]);
    }
    text += std::isnan(least) ? "no value" : format.text(least) + " to " + format.text(most);
    if (gaps > 0) text += ", " + std::to_string(gaps) + (gaps == 1 ? " gap" : " gaps");
    return text;
}

}  // namespace

Duration TrendWidget::span_of(const Frame& frame) {
    const auto asked = parse_duration(frame.properties().text_or("span", "1h")).value_or(1h);
    const auto from = frame.position(), size = frame.size();
    const bool is_over = ImGui::IsMouseHoveringRect(from, {from.x + size.x, from.y + size.y});
    if (is_over && ImGui::GetIO().MouseWheel != 0) zoom_ += ImGui::GetIO().MouseWheel > 0 ? -1 : 1;
    if (zoom_ == 0) return asked;
    // The steps lie around what the site asks for.
    const auto nearest = std::ranges::lower_bound(kSpans, asked) - kSpans.begin();
    const auto most = static_cast<std::ptrdiff_t>(kSpans.size()) - 1;
    const auto step = std::clamp<std::ptrdiff_t>(nearest + zoom_, 0, most);
    zoom_ = static_cast<int>(step - nearest);
    return zoom_ == 0 ? asked : kSpans[static_cast<std::size_t>(step)];
}

void TrendWidget::draw(Frame& frame) {
    const auto properties = frame.properties();
    const Format format(properties);
    const auto label = properties.text_or("label", "");
    const auto value = frame.binding("value");
    const Reading reading(value, format);
    const auto span = span_of(frame);

    const Pen pen(frame);
    auto area = pen.area();
    auto head = area.cut_top(std::min(pen.px(22), area.height() / 3));
    const auto number = head.cut_right(std::min(pen.px(130), head.width() / 2));
    draw_label(pen, head, label, reading);
    draw_reading(pen, number, pen.px(18), reading);
    area.cut_top(pen.px(4));
    auto foot = area.cut_bottom(std::min(pen.px(16), area.height() / 4));
    const auto strip = area.cut_left(std::min(pen.px(44), area.width() / 4));
    area.cut_left(pen.px(4));
    foot.from.x = area.from.x;
    // Whole pixels, so that a column is one.
    area.from = {std::ceil(area.from.x), std::round(area.from.y)};
    area.to = {std::floor(area.to.x), std::round(area.to.y)};

    const auto columns = static_cast<std::uint32_t>(std::clamp(area.width(), 1.0F, 10'000.0F));
    const auto trend = frame.trend("value", columns, span);
    const auto steps = static_cast<int>(std::clamp(area.height() / pen.px(36), 1.0F, 5.0F));
    const Field field{
        area, trend_scale(trend, properties.number_or("low", std::nan("")), properties.number_or("high", std::nan("")), steps)};
    pen.fill(area, ColourRole::surface);
    std::size_t gaps = 0;
    if (trend.size() == 0) {
        const auto why = trend.fault.empty() ? std::string_view("…") : trend.fault;
        pen.text(area.shrunk(pen.px(4)), pen.px(kLabelSize), Align::centre, ColourRole::text_dim, why);
    } else {
        draw_scale(pen, field, strip);
        gaps = draw_gaps(pen, field, trend);
        draw_columns(pen, field, trend);
        draw_doubts(pen, field, trend);
    }
    pen.outline(area, ColourRole::outline);
    draw_times(pen, foot, span);
    frame.describe(reading_text(label, reading) + words_of(trend, span, format, gaps));
    explain_on_hover(frame, {&value});
}

}  // namespace penstock::basic
