#pragma once

// One widget in an ImGui frame without a window: what it drew, said and asked for. For tests of widgets.
//
//     WidgetRig rig({.factory = &penstock_plugin_factory, .type = "tank"});
//     rig.bind("level", {.tag = "t1.level", .value = 4.2});
//     const auto drawing = rig.draw();
//     EXPECT_EQ(drawing.text, "4.2 m");

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <imgui.h>

#include <penstock/abi/plugin.hpp>
#include <penstock/abi/widget.hpp>
#include <penstock/alarm_event.hpp>
#include <penstock/quality.hpp>
#include <penstock/time.hpp>
#include <penstock/value.hpp>

namespace penstock::testing {

// A tag as the widget finds it. As it stands here: a good value that may be written.
struct BoundTag {
    std::string tag = "plant.tag";
    std::string unit = {};
    Value value = {};
    QualityCode quality = QualityCode::good;
    std::string cause = {};
    bool found = true;
    bool writable = true;
    double range_low = 0;
    double range_high = 100;
    abi::WriteState write_state = abi::WriteState::none;
    Value asked = {};
    std::string write_reason = {};
    UtcTime source_time = utc_from_ns(1'700'000'000'000'000'000);
};

// What a tag was, as the widget finds it: columns of equal length.
struct BoundTrend {
    std::vector<double> minimum, maximum;
    std::vector<QualityCode> worst;
    UtcTime from = utc_from_ns(1'700'000'000'000'000'000);
    UtcTime to = from + 1h;
    UtcTime durable_until = to;
    std::string fault = {};
};

// An alarm as the widget finds it. As it stands here: unacknowledged, of the highest priority.
struct BoundAlarm {
    std::uint64_t id = 1;
    std::string alarm = "plant.alarm";
    std::string area = {};
    std::string text = {};
    std::string unit = {};
    std::string priority_name = {};
    std::string note = {};
    std::string screen = {};
    Value value = {};
    UtcTime since = utc_from_ns(1'700'000'000'000'000'000);
    UtcTime shelved_until = {};
    AlarmStateCode state = AlarmStateCode::unacknowledged;
    std::uint8_t priority = 1;
    bool holds = true;
    bool is_silenced = false, is_uncertain = false, is_asked = false, to_confirm = false;
};
struct BoundAlarmCount {
    std::string area = {};
    std::uint32_t priority = 1, unacknowledged = 0, standing = 0, shelved = 0, suppressed = 0, out_of_service = 0;
};
struct BoundAlarms {
    std::vector<BoundAlarm> alarms = {};
    std::vector<BoundAlarmCount> counts = {};
    std::uint32_t sounding = 0;
    bool is_old = false;
    std::string fault = {}, notice = {};
};

// What is known of an alarm, as the widget finds it.
struct BoundAlarmHelp {
    BoundAlarm alarm = {};
    std::string response = {}, consequence = {}, cause = {};
    Duration time_to_respond = {};
    std::string tag = {}, alarm_class = {}, input = {}, suppressed_by = {};
    std::string acknowledged_by = {}, comment = {}, shelved_by = {}, reason = {};
    UtcTime raised = {}, acknowledged = {};
    Value limit = {};
    struct Step {
        UtcTime time = utc_from_ns(1'700'000'000'000'000'000);
        AlarmEvent event = AlarmEvent::raised;
        AlarmStateCode state = AlarmStateCode::unacknowledged;
        std::string user = {}, comment = {};
    };
    std::vector<Step> steps = {};
    bool is_old = false;
    std::string fault = {};
};

// What a widget asked for by Frame::act_on_alarms().
struct AskedOfAlarms {
    AlarmEvent action{};
    std::vector<std::uint64_t> ids;
    std::vector<std::string> alarms;  // their names, in the same order
    std::string comment;
    Duration shelve_for{};
};

// What a widget asked for by Frame::trend().
struct TrendWish {
    std::string binding;
    std::uint32_t columns = 0;
    Duration span{};
};

// What became of one frame.
struct Drawing {
    std::string fault;   // the sentence of what the widget threw; "" if it threw nothing
    bool is_balanced = true;  // the widget closed what it opened
    bool is_inside = true;    // and drew nothing beyond its rectangle
    bool is_described = false;
    std::string text;  // what it described
    std::vector<std::pair<std::string, Value>> writes;  // binding, value
    std::vector<std::string> navigations;
    std::vector<TrendWish> trends;
    std::vector<AskedOfAlarms> alarm_actions;
    std::vector<std::string> explained;  // what it asked for by Frame::alarm_help()
    std::vector<ImVec2>
        points;  // corners of all triangles, and where in the font's picture: shapes and letters without colours
    std::vector<ImU32> colours;  // of the same corners

    [[nodiscard]] bool has_same_shape(const Drawing& other) const noexcept;
};

// A type of a widget library. The factory is that of the plugin whose objects are linked into the test.
struct WidgetKit {
    abi::Factory* factory = nullptr;
    std::string type;
    std::string properties = "{}";  // JSON
};

class WidgetRig {
public:
    // Throws std::invalid_argument if the library or the widget cannot be made. One rig at a time: ImGui has one context.
    explicit WidgetRig(WidgetKit kit);
    ~WidgetRig();
    WidgetRig(const WidgetRig&) = delete;
    WidgetRig& operator=(const WidgetRig&) = delete;

    void bind(std::string name, BoundTag tag);
    void unbind(std::string_view name);
    // The widget gets it whatever it asks for.
    void set_trend(std::string binding, BoundTrend trend);
    // `list` as in abi::WidgetFrame::alarms(): 0 = what stands, 1 = what is shelved ...
    void set_alarms(BoundAlarms alarms, std::uint32_t list = 0);
    // By its alarm's name. Of others nothing is known yet.
    void set_alarm_help(BoundAlarmHelp help);
    // Others have some colour of their own.
    void set_priority_colour(std::uint32_t priority, ImU32 colour);
    void place(float x, float y, float width, float height, float scale = 1.0F);

    // What people do, before the next draw.
    void move_mouse(float x, float y);
    void press_mouse(bool is_down);
    void turn_wheel(float by);
    void press_key(ImGuiKey key, bool is_down);
    void hold(bool ctrl, bool shift);
    // The keyboard moves through the widget, as in a station.
    void enable_keyboard();
    void type_text(std::string_view text);

    // One frame.
    Drawing draw();
    // Moves to the middle of the widget, presses, and lets go: four frames. What the last one drew, with the wishes of all.
    Drawing click();
    // Presses a key and lets it go: three frames.
    Drawing strike(ImGuiKey key);

private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace penstock::testing
