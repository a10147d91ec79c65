#pragma once

// The widget's side of the library boundary. Plugin authors use widget.hpp. ImGui itself is shared by host and guest through
// libpenstock-imgui, so one context serves both. All functions: [ui].

#include <penstock/abi/plain.hpp>
#include <penstock/abi/settings.hpp>

namespace penstock::abi {

inline constexpr std::uint32_t kWidgetInterface = 4;  // 2: trend(); 3: alarms(); 4: alarm_help(), priority_colour()

enum class WriteState : std::uint32_t { none = 0, asked = 1, refused = 2, unknown = 3 };

// A bound tag as it stands in this frame.
struct BindingView final {
    PlainValue value;
    std::uint32_t quality;      // QualityCode
    std::uint32_t found;        // 0: no such binding, or its tag does not exist
    std::uint32_t writable;     // the tag can be written and this user may
    std::uint32_t write_state;  // WriteState of the last write from this station
    std::int64_t source_time_ns;
    double range_low, range_high;  // engineering range; NaN where there is none
    Text tag;
    Text unit;
    Text cause;        // why bad or uncertain
    Text write_reason;  // why refused or unknown
    PlainValue asked;  // the value asked for while write_state is asked
};

// What a bound tag was, one column a pixel, valid during draw(). A column without a value has NaN.
struct TrendView final {
    const double* minimum;
    const double* maximum;
    const std::uint16_t* worst;  // QualityCode of the worst sample
    std::uint32_t columns;       // 0: nothing has come yet
    std::int64_t from_ns, to_ns;
    std::int64_t durable_until_ns;  // what is younger is not known yet, and no gap
    Text fault;                     // why there is none
};

// One alarm as the server has it, valid during draw().
struct AlarmView final {
    PlainValue value;   // that it was raised by
    std::uint64_t id;   // of this occurrence; 0: it was never raised
    std::int64_t since_ns;
    std::int64_t shelved_until_ns;  // 0: not by time
    std::uint32_t state;     // AlarmStateCode
    std::uint32_t priority;  // 1 = the most urgent
    std::uint32_t is_silenced;
    std::uint32_t is_uncertain;
    std::uint32_t is_asked;  // this station asked for something, and the server has not answered
    std::uint32_t holds;     // the condition, also under a shelf
    std::uint32_t to_confirm;  // its class wants a confirmation, and nobody has given it
    std::uint32_t unused;
    Text alarm, area, text, unit;
    Text priority_name;
    Text note;    // by whom and why it is acknowledged, shelved, suppressed or out of service
    Text screen;  // where to look
};
// Of one area and priority.
struct AlarmCountView final {
    Text area;
    std::uint32_t priority, unacknowledged, standing, shelved, suppressed, out_of_service;
};
struct AlarmsView final {
    const AlarmView* alarms;  // unacknowledged first, then the most urgent, then the newest
    const AlarmCountView* counts;
    std::uint32_t alarm_count, count_count;
    std::uint32_t sounding;  // the priority whose sound ought to be heard; 0: none
    std::uint32_t is_old;    // the server is lost, or has not answered yet
    Text fault;              // why there are none
    Text notice;             // what went wrong with the last that was asked for
};

// What happened to an alarm once, and by whom.
struct AlarmStepView final {
    std::int64_t time_ns;
    std::uint32_t event;  // AlarmEvent
    std::uint32_t state;  // AlarmStateCode that it led to
    Text user, comment;
};
// What is known of one alarm, valid during draw().
struct AlarmHelpView final {
    AlarmView alarm;
    PlainValue limit;  // that it was raised by; no value: it has none
    const AlarmStepView* steps;  // the newest first
    std::uint32_t step_count;
    std::uint32_t reserved;
    Text tag, alarm_class;
    Text input;  // what it looks at, as it is now: "clear_tank.level = 4.7 m, good"
    Text cause, consequence, response;
    Text suppressed_by;  // rules that hold it back now
    Text acknowledged_by, comment, shelved_by, reason;
    std::int64_t raised_ns, acknowledged_ns;  // 0: never
    std::int64_t time_to_respond_ns;          // 0: the site does not say
    std::uint32_t is_known;                   // the server has answered
    std::uint32_t is_old;                     // and is lost since
    Text fault;                               // why nothing is known
};

// An alarm that something is asked for.
struct AlarmName final {
    std::uint64_t id;  // of the occurrence that was seen; 0: none
    Text alarm;
};
// What people do to alarms.
struct AlarmWishView final {
    const AlarmName* alarms;
    std::uint32_t count;
    std::uint32_t event;          // AlarmEvent
    std::int64_t shelve_for_ns;  // of shelved
    Text comment;                // the reason of a shelf or of taking out; remarks otherwise
};

// What a widget may do in a frame. Texts and views are valid during draw().
struct WidgetFrame {
    virtual void binding(Text name, BindingView&) noexcept = 0;
    virtual Text property(Text name) noexcept = 0;  // text form; "" where there is none
    virtual const SettingsNode* properties() noexcept = 0;
    // Screen rectangle of the widget in ImGui coordinates; the host has set clip rectangle, cursor and id.
    virtual void rectangle(float& x, float& y, float& width, float& height) noexcept = 0;
    virtual float scale() noexcept = 0;                     // 1.0 = the screen's design size
    virtual std::uint32_t colour(std::uint32_t role) noexcept = 0;  // ColourRole -> ImU32
    virtual void write(Text binding, const PlainValue&) noexcept = 0;
    virtual void navigate(Text screen) noexcept = 0;
    // What the widget shows, as text, for --view and for people who cannot see it. Set once per draw.
    virtual void describe(Text shown) noexcept = 0;
    // Asks to be drawn again after this time even if nothing changes (an animation, a blinking mark).
    virtual void redraw_in(std::int64_t ns) noexcept = 0;
    // What the bound tag was in the last `span_ns`, in that many columns. The host asks the server, keeps it up to date for as long
    // as it is asked for in every draw, and draws again when it has changed. Since interface 2.
    virtual void trend(Text binding, std::uint32_t columns, std::int64_t span_ns, TrendView&) noexcept = 0;
    // The plant's alarms; `list` is an AlarmList, but history. Kept up to date once it was asked for, and drawn again when it has
    // changed. Since interface 3.
    virtual void alarms(std::uint32_t list, AlarmsView&) noexcept = 0;
    // Asks for what people do to alarms. Since interface 3; with names, comments and times since 4.
    virtual void alarm_action(const AlarmWishView&) noexcept = 0;
    // What is known of one alarm: the host asks the server, and keeps it up to date for as long as it is asked for in every draw.
    // Since interface 4.
    virtual void alarm_help(Text alarm, AlarmHelpView&) noexcept = 0;
    // ImU32: the site's colour of a priority, or the theme's where the site has none. Since interface 4.
    virtual std::uint32_t priority_colour(std::uint32_t priority) noexcept = 0;

protected:
    ~WidgetFrame() = default;
};

struct WidgetGuest {
    virtual void draw(WidgetFrame&, Fault&) noexcept = 0;
    virtual void release() noexcept = 0;

protected:
    ~WidgetGuest() = default;
};

struct WidgetLibraryGuest {
    virtual std::uint32_t type_count() noexcept = 0;
    virtual Text type(std::uint32_t index) noexcept = 0;
    // JSON Schema draft-07 of this type's properties and the names of its bindings:
    // {"properties": {...}, "bindings": {"level": {"required": true, "types": ["double"]}}}
    virtual Text type_schema(std::uint32_t index) noexcept = 0;
    virtual WidgetGuest* create(Text type, Fault&) noexcept = 0;
    virtual void release() noexcept = 0;

protected:
    ~WidgetLibraryGuest() = default;
};

}  // namespace penstock::abi
