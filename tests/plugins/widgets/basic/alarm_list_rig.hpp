#pragma once

// An alarm list of three alarms in a rig, and where things are in it.

#include <cstdlib>
#include <ctime>
#include <memory>
#include <string>

#include <gtest/gtest.h>

#include <penstock/testing/widget_rig.hpp>

extern "C" penstock::abi::Factory penstock_plugin_factory;

namespace penstock::testing {

inline BoundAlarm alarm(std::uint64_t id, std::uint8_t priority, AlarmStateCode state, std::string area = "works/intake") {
    BoundAlarm made;
    made.id = id;
    made.alarm = "pump_" + std::to_string(id) + ".trip";
    made.area = std::move(area);
    made.text = "Pump " + std::to_string(id) + " tripped";
    made.priority = priority;
    made.priority_name = priority == 1 ? "urgent" : "high";
    made.state = state;
    made.value = 4.25;
    made.unit = "m";
    return made;
}

inline BoundAlarms some() {
    BoundAlarms alarms;
    alarms.alarms = {alarm(7, 1, AlarmStateCode::unacknowledged),
                     alarm(8, 2, AlarmStateCode::returned_unacknowledged, "works/clear"),
                     alarm(9, 1, AlarmStateCode::acknowledged)};
    alarms.alarms[2].note = "by anna";
    alarms.counts = {{"works/intake", 1, 1, 2, 3, 0, 0}, {"works/clear", 2, 1, 1, 1, 0, 0}};
    return alarms;
}

// Presses at a place of the widget, and lets go.
inline Drawing press_at(WidgetRig& rig, float x, float y) {
    rig.move_mouse(x, y);
    (void)rig.draw();
    rig.press_mouse(true);
    (void)rig.draw();
    rig.press_mouse(false);
    return rig.draw();
}

class AlarmWidget : public ::testing::Test {
protected:
    AlarmWidget() {
        ::setenv("TZ", "UTC", 1);
        ::tzset();
    }
};

class AlarmList : public AlarmWidget {
protected:
    void make(const std::string& properties = R"({"decimals": 1})") {
        rig.reset();  // ImGui has one context
        rig = std::make_unique<WidgetRig>(WidgetKit{&penstock_plugin_factory, "alarm_list", properties});
        rig->place(100, 100, kWidth, 300);
        rig->enable_keyboard();
        rig->set_alarms(some());
    }
    Drawing press_row(int row) { return press_at(*rig, 300, kFirstRowY + static_cast<float>(row) * kRow); }
    Drawing press_in_head(float x) { return press_at(*rig, x, kHeadY); }
    // Opens a dialogue, which has the keyboard some frames later.
    Drawing open(float x) {
        (void)press_in_head(x);
        for (int frame = 0; frame < 3; ++frame) (void)rig->draw();
        return rig->draw();
    }
    // With a key held.
    Drawing press_row_with(int row, bool ctrl, bool shift) {
        rig->hold(ctrl, shift);
        const auto drawing = press_row(row);
        rig->hold(false, false);
        return drawing;
    }
    // Where the buttons of rows and head are, for the place above: actions from the left, pages at the right.
    static constexpr float kWidth = 1240, kRight = 100 + kWidth - 6;
    static constexpr float kButtonX = kRight - 29, kFirstRowY = 100 + 6 + 28 + 18 + 12, kRow = 24, kHeadY = 100 + 6 + 14;
    static constexpr float kActions = 100 + 6 + 200, kAcknowledge = kActions + 58, kSilence = kActions + 116 + 34,
                           kShelve = kActions + 184 + 36, kTakeOut = kActions + 256 + 59, kComment = kActions + 374 + 42,
                           kRare = kActions + 458 + 30, kUnshelve = kActions + 40, kPutBack = kActions + 59;
    static constexpr float kShelvedPage = kRight - 118 - 104 - 42, kSuppressedPage = kRight - 118 - 52, kOutPage = kRight - 59;
    // Of the dialogue, below the head.
    static constexpr float kTimesY = 100 + 6 + 28 + 24 + 15, kTimes = 100 + 6 + 8 + 64;

    std::unique_ptr<WidgetRig> rig;
};

}  // namespace penstock::testing
