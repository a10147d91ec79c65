#pragma once

// Widgets: what an operator sees. One library holds any number of widget types:
//
//     class Tank final : public penstock::Widget {
//     public:
//         static constexpr std::string_view kType = "tank";
//         static constexpr std::string_view kSchema = R"({"bindings": {"level": {"required": true}}})";
//         void draw(penstock::Frame& frame) override;
//     };
//     using Widgets = penstock::WidgetSet<Tank>;
//     PENSTOCK_PLUGIN(Widgets, "widget.example", "1.0.0", "{}");
//
// draw() is called whenever the screen is redrawn, which is when something changed; it reads its bindings, draws with
// ImGui inside frame.rectangle(), and asks for writes and navigation through the frame. It never waits and holds no
// plant data of its own. Nothing is shown as changed because it was asked for: binding.write_state says "asked" until
// the device confirms. Trusted plugins; ImGui's version is part of the manifest. All [ui].

#include <imgui.h>

#include <memory>
#include <span>
#include <string>
#include <string_view>

#include <penstock/abi/widget.hpp>
#include <penstock/quality.hpp>
#include <penstock/settings.hpp>
#include <penstock/time.hpp>
#include <penstock/value.hpp>

namespace penstock {

// Colours by meaning (ISA-101): grey for the normal, colour for the abnormal only. Themes give the values.
enum class ColourRole : std::uint32_t {
    background,
    surface,
    outline,
    text,
    text_dim,
    equipment,
    equipment_running,
    fill,
    setpoint,
    asked,
    bad,
    uncertain,
    alarm_urgent,
    alarm_high,
    alarm_medium,
    alarm_low,
};

// One bound tag in this frame.
struct Binding {
    std::string_view tag, unit, cause;
    Value value;
    QualityCode quality = QualityCode::bad_configuration;
    UtcTime source_time;
    double range_low = 0, range_high = 0;  // NaN where there is none
    bool found = false;
    bool writable = false;
    abi::WriteState write_state = abi::WriteState::none;
    Value asked;                    // while write_state is asked
    std::string_view write_reason;  // why refused or unknown

    [[nodiscard]] double number_or(double otherwise) const noexcept { return value.as_double_or(otherwise); }
    [[nodiscard]] bool is_good() const noexcept { return found && penstock::is_good(quality); }
};

// What a bound tag was, oldest first, valid in this frame. Each column covers an equal part of [from, to): from the smallest to the
// largest value that it held there, so that no extreme is lost however long the span. Both are NaN where it had no good value.
struct Trend {
    std::span<const double> minimum, maximum;
    std::span<const QualityCode> worst;  // of the samples inside
    UtcTime from, to;
    UtcTime durable_until;  // younger columns are not known yet: they are empty, and no gap
    std::string_view fault;  // why there is nothing to show

    [[nodiscard]] std::size_t size() const noexcept { return minimum.size(); }  // 0: nothing has come yet
    [[nodiscard]] bool is_known(std::size_t column) const noexcept {
        return from + (to - from) / static_cast<std::int64_t>(size()) * static_cast<std::int64_t>(column) < durable_until;
    }
};

class Frame {
public:
    explicit Frame(abi::WidgetFrame& host) noexcept : host_(&host) {}

    [[nodiscard]] Binding binding(std::string_view name) const;
    [[nodiscard]] Settings properties() const noexcept { return Settings(host_->properties()); }
    // Upper left corner and size on the screen.
    [[nodiscard]] ImVec2 position() const noexcept;
    [[nodiscard]] ImVec2 size() const noexcept;
    [[nodiscard]] float scale() const noexcept { return host_->scale(); }
    [[nodiscard]] ImU32 colour(ColourRole role) const noexcept { return host_->colour(static_cast<std::uint32_t>(role)); }

    void write(std::string_view binding, const Value& value);
    void navigate(std::string_view screen) { host_->navigate(abi::text(screen)); }
    void describe(std::string_view shown) { host_->describe(abi::text(shown)); }
    void redraw_in(Duration time) { host_->redraw_in(time.count()); }
    // What the bound tag was in the last `span`, as many columns as the widget has pixels to draw them (1 to 10,000). Ask in every
    // draw: the host then keeps it up to date, and draws again when there is something new (at most once a second).
    [[nodiscard]] Trend trend(std::string_view binding, std::uint32_t columns, Duration span) const;

private:
    abi::WidgetFrame* host_;
};

class Widget {
public:
    virtual ~Widget() = default;
    virtual void draw(Frame& frame) = 0;
};

// The types of one library. Each has kType, kSchema and a default constructor.
template <class... Types>
class WidgetSet {};

}  // namespace penstock

#include <penstock/detail/widget_adapter.hpp>
