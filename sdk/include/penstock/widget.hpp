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
#include <penstock/alarm_event.hpp>
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

// Whether an area of the plant is `outer` or lies below it; "" is above all.
[[nodiscard]] inline bool is_area_in(std::string_view area, std::string_view outer) noexcept {
    return outer.empty() || area == outer || (area.starts_with(outer) && area[outer.size()] == '/');
}

// One alarm, valid in this frame.
struct ShownAlarm {
    std::uint64_t id = 0;  // of this occurrence; 0: it was never raised
    std::string_view alarm, area, text, unit, priority_name, screen;
    std::string_view note;  // by whom and why it is acknowledged, shelved, suppressed or out of service
    Value value;  // that it was raised by
    UtcTime since;
    UtcTime shelved_until;  // UtcTime(): not by time
    AlarmStateCode state{};
    std::uint8_t priority = 0;  // 1 = the most urgent
    bool holds = false;  // the condition, also under a shelf
    bool is_silenced = false, is_uncertain = false;
    bool to_confirm = false;  // its class wants a confirmation, and nobody has given it
    bool is_asked = false;  // this station asked for something, and the server has not answered

    [[nodiscard]] bool is_unacknowledged() const noexcept {
        return state == AlarmStateCode::unacknowledged || state == AlarmStateCode::returned_unacknowledged
               || state == AlarmStateCode::latched_unacknowledged;
    }
    [[nodiscard]] abi::AlarmName name() const noexcept { return {id, abi::text(alarm)}; }
    [[nodiscard]] bool is_in(std::string_view wanted) const noexcept { return is_area_in(area, wanted); }
};

// As of the server; the numbers are AlarmList's.
enum class AlarmPage : std::uint32_t { standing = 0, shelved = 1, suppressed = 2, out_of_service = 3 };

// Alarms as the server has them, valid in this frame: unacknowledged first, then the most urgent, then the newest. A thousand at
// most; the counts are of all.
class ShownAlarms {
public:
    explicit ShownAlarms(const abi::AlarmsView& view) noexcept : view_(view) {}

    [[nodiscard]] std::size_t size() const noexcept { return view_.alarm_count; }
    [[nodiscard]] ShownAlarm operator[](std::size_t index) const;
    [[nodiscard]] std::span<const abi::AlarmCountView> counts() const noexcept { return {view_.counts, view_.count_count}; }
    // The most urgent priority whose sound ought to be heard; 0: none.
    [[nodiscard]] std::uint32_t sounding() const noexcept { return view_.sounding; }
    // The server is lost, or has not answered yet: what is shown may be over.
    [[nodiscard]] bool is_old() const noexcept { return view_.is_old != 0; }
    [[nodiscard]] std::string_view fault() const noexcept { return view_.fault.view(); }  // why there are none
    [[nodiscard]] std::string_view notice() const noexcept { return view_.notice.view(); }  // why the last wish failed

private:
    abi::AlarmsView view_;
};

// What happened to an alarm once, and by whom.
struct AlarmPast {
    UtcTime time;
    AlarmEvent event{};
    AlarmStateCode state{};  // that it led to
    std::string_view user, comment;
};

// What is known of one alarm, valid in this frame: what ISA-18.2 wants an operator to have at hand.
struct AlarmHelp {
    ShownAlarm alarm;
    std::string_view response, consequence, cause;  // as the site says
    Duration time_to_respond{};  // since it was raised; 0: the site does not say
    std::string_view tag, alarm_class;
    std::string_view input;  // what it looks at, as it is now: "clear_tank.level = 4.7 m, good"
    std::string_view suppressed_by;  // rules that hold it back now
    std::string_view acknowledged_by, comment, shelved_by;
    std::string_view reason;  // of a shelf, of being out of service
    UtcTime raised, acknowledged;  // UtcTime(): never
    Value limit;  // that it was raised by; without a value: it has none
    std::span<const abi::AlarmStepView> steps;  // of its life, the newest first
    [[nodiscard]] AlarmPast past(std::size_t step) const;
    bool is_known = false;  // the server has answered
    bool is_old = false;  // and is lost since
    std::string_view fault;  // why nothing is known
};

// What people do to alarms. What is done to one occurrence (acknowledged, confirmed, reset, silenced, commented) is done to the one that
// was seen, or refused; what is done to the alarm itself (shelved, taken out of service, and back) needs no occurrence.
struct AlarmWish {
    AlarmEvent action{};
    std::span<const abi::AlarmName> alarms;  // ShownAlarm::name()
    std::string_view comment = {};  // the reason, without which nothing is shelved or taken out of service
    Duration shelve_for{};  // of AlarmEvent::shelved
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
    // The plant's alarms. Ask in every draw: the host then draws again whenever one took a step.
    [[nodiscard]] ShownAlarms alarms(AlarmPage page = AlarmPage::standing) const;
    // One of them: what to do, and what else the server knows. Ask in every draw while it is shown; it is then kept up to date.
    [[nodiscard]] AlarmHelp alarm_help(std::string_view alarm) const;
    // They are marked as asked until the server has answered; ShownAlarms::notice() says why it refused.
    void act_on_alarms(const AlarmWish& wish);
    // Of marks, never of words: the site's colour, or the theme's where the site has none. May be light or dark.
    [[nodiscard]] ImU32 priority_colour(std::uint32_t priority) const noexcept { return host_->priority_colour(priority); }

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
