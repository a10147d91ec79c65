// What list and banner show of alarms, and what they ask for.
#include <algorithm>

#include "tests/plugins/widgets/basic/alarm_list_rig.hpp"

namespace penstock::testing {
namespace {

TEST_F(AlarmList, TellsEveryRowInWords) {
    make();
    EXPECT_EQ(rig->draw().text,
              "3 alarms, 2 unacknowledged\n"
              "11-14 22:13:20  1 urgent  pump_7.trip  Pump 7 tripped  unacknowledged  4.2 m\n"
              "11-14 22:13:20  2 high  pump_8.trip  Pump 8 tripped  returned unacknowledged  4.2 m\n"
              "11-14 22:13:20  1 urgent  pump_9.trip  Pump 9 tripped  acknowledged by anna  4.2 m");
}

TEST_F(AlarmList, ShowsOneAreaAndBelowWithItsOwnCounts) {
    make(R"({"area": "works/clear"})");
    const auto text = rig->draw().text;
    EXPECT_TRUE(text.starts_with("1 alarm, 1 unacknowledged\n")) << text;
    EXPECT_EQ(text.find("pump_7"), std::string::npos);
    make(R"({"area": "works/cle"})");
    EXPECT_EQ(rig->draw().text, "0 alarms, 0 unacknowledged") << "a part of a name is no area";
}

TEST_F(AlarmList, AcknowledgesTheRowWhoseButtonIsPressed) {
    make();
    const auto drawing = press_at(*rig, kButtonX, kFirstRowY + kRow);
    ASSERT_EQ(drawing.alarm_actions.size(), 1U);
    EXPECT_EQ(drawing.alarm_actions[0].action, AlarmEvent::acknowledged);
    EXPECT_EQ(drawing.alarm_actions[0].ids, std::vector<std::uint64_t>{8});
    EXPECT_TRUE(press_at(*rig, kButtonX, kFirstRowY + 2 * kRow).alarm_actions.empty()) << "it is acknowledged already";
}

TEST_F(AlarmList, AcknowledgesAllThatAreInSightAndNoMore) {
    make();
    rig->place(100, 100, kWidth, 6 + 28 + 18 + 24 + 6);  // one row
    const auto drawing = press_in_head(kAcknowledge);
    ASSERT_EQ(drawing.alarm_actions.size(), 1U);
    EXPECT_EQ(drawing.alarm_actions[0].ids, std::vector<std::uint64_t>{7});
    EXPECT_NE(drawing.text.find("2 more below"), std::string::npos);
}

TEST_F(AlarmList, WhatIsAskedForIsMarkedAndNotAskedAgain) {
    make();
    auto alarms = some();
    alarms.alarms[0].is_asked = true;
    rig->set_alarms(alarms);
    const auto drawing = press_at(*rig, kButtonX, kFirstRowY);
    EXPECT_TRUE(drawing.alarm_actions.empty());
    EXPECT_NE(drawing.text.find("unacknowledged …"), std::string::npos) << drawing.text;
}

TEST_F(AlarmList, TheWheelMovesOnAndStopsAtTheLastPage) {
    make();
    BoundAlarms many;
    for (std::uint64_t id = 1; id <= 40; ++id) many.alarms.push_back(alarm(id, 2, AlarmStateCode::acknowledged));
    rig->set_alarms(many);
    rig->move_mouse(500, 250);
    EXPECT_NE(rig->draw().text.find("pump_1.trip"), std::string::npos);
    rig->turn_wheel(-1);
    const auto after = rig->draw().text;
    EXPECT_EQ(after.find("pump_1.trip"), std::string::npos);
    EXPECT_NE(after.find("pump_4.trip"), std::string::npos);
    for (int i = 0; i < 30; ++i) {
        rig->turn_wheel(-1);
        (void)rig->draw();
    }
    rig->turn_wheel(0);
    const auto last = rig->draw().text;
    EXPECT_NE(last.find("pump_40.trip"), std::string::npos);
    EXPECT_EQ(last.find("more below"), std::string::npos);
    EXPECT_GE(std::ranges::count(last, '\n'), 9) << "the last page stays full";
}

TEST_F(AlarmList, SwitchesToWhatIsShelved) {
    make();
    BoundAlarms shelved;
    shelved.alarms = {alarm(5, 2, AlarmStateCode::shelved)};
    shelved.alarms[0].note = "by anna: bearing is being changed";
    shelved.counts = some().counts;
    rig->set_alarms(shelved, 1);
    (void)press_in_head(kShelvedPage);
    const auto text = rig->draw().text;
    EXPECT_TRUE(text.starts_with("4 shelved\n")) << text;
    EXPECT_NE(text.find("shelved by anna: bearing is being changed"), std::string::npos) << text;
}

TEST_F(AlarmList, WhatIsOldIsSaidAndHatched) {
    make();
    const auto now = rig->draw();
    auto alarms = some();
    alarms.is_old = true;
    rig->set_alarms(alarms);
    const auto old = rig->draw();
    EXPECT_NE(old.text.find("not up to date"), std::string::npos);
    EXPECT_FALSE(old.has_same_shape(now));
}

TEST_F(AlarmList, SaysWhyThereIsNothingAndWhyAWishFailed) {
    make();
    BoundAlarms none;
    none.fault = "this plant has no alarms";
    none.notice = "pump_7.trip: it is acknowledged already, by bert";
    rig->set_alarms(none);
    EXPECT_EQ(rig->draw().text,
              "0 alarms, 0 unacknowledged; this plant has no alarms\npump_7.trip: it is acknowledged already, by bert");
}

// Nobody needs to tell colours apart: the states differ in shape, and so do the priorities.
TEST_F(AlarmList, StatesAndPrioritiesDifferInShape) {
    make();
    const auto drawn = [&](std::uint8_t priority, AlarmStateCode state) {
        BoundAlarms one;
        one.alarms = {alarm(7, priority, state)};
        one.alarms[0].priority_name.clear();
        rig->set_alarms(one);
        return rig->draw();
    };
    EXPECT_FALSE(drawn(1, AlarmStateCode::unacknowledged).has_same_shape(drawn(1, AlarmStateCode::acknowledged)));
    for (int frame = 0; frame < 60; ++frame) {  // also while it blinks
        const auto unacknowledged = drawn(1, AlarmStateCode::unacknowledged);
        EXPECT_FALSE(unacknowledged.has_same_shape(drawn(1, AlarmStateCode::acknowledged)));
    }
    for (std::uint8_t a = 1; a < 5; ++a)
        for (std::uint8_t b = a + 1; b <= 5; ++b)
            EXPECT_FALSE(drawn(a, AlarmStateCode::acknowledged).has_same_shape(drawn(b, AlarmStateCode::acknowledged)));
}

bool has_colour(const Drawing& drawing, ImU32 colour) { return std::ranges::count(drawing.colours, colour) > 0; }

TEST_F(AlarmList, AMarkHasTheColourThatTheSiteGivesItsPriority) {
    make();
    constexpr ImU32 kOfSite = IM_COL32(0x12, 0x34, 0x56, 255);
    EXPECT_FALSE(has_colour(rig->draw(), kOfSite));
    const auto before = rig->draw();
    rig->set_priority_colour(2, kOfSite);
    const auto after = rig->draw();
    EXPECT_TRUE(has_colour(after, kOfSite));
    EXPECT_TRUE(after.has_same_shape(before)) << "the shape is of the priority, whatever its colour";
}

// 1 of 2 marks is filled in the first half of the blinking; letters of the rows do not change.
TEST_F(AlarmList, TheNumberOnAFilledMarkIsDarkOnLightAndLightOnDark) {
    make();
    BoundAlarms one;
    one.alarms = {alarm(7, 1, AlarmStateCode::unacknowledged)};
    rig->set_alarms(one);
    const auto letters_in_text_colour = [&](ImU32 ground) {
        rig->set_priority_colour(1, ground);
        constexpr ImU32 kText = IM_COL32(10 + 3 * 12, 40, 200 - 3 * 10, 255);  // as the rig's frame says
        return std::ranges::count(rig->draw().colours, kText);
    };
    const auto on_white = letters_in_text_colour(IM_COL32_WHITE);
    const auto on_black = letters_in_text_colour(IM_COL32_BLACK);
    EXPECT_EQ(on_white - on_black, 6) << "the two triangles of one digit";
}

class AlarmBanner : public AlarmWidget {
protected:
    AlarmBanner() : rig({&penstock_plugin_factory, "alarm_banner", R"({"decimals": 1})"}) {
        rig.place(100, 100, 1000, 40);
        rig.set_alarms(some());
    }
    WidgetRig rig;
};

TEST_F(AlarmBanner, ShowsTheFirstThatIsUnacknowledgedAndCountsTheRest) {
    EXPECT_EQ(
        rig.draw().text,
        "11-14 22:13:20  1 urgent  pump_7.trip  Pump 7 tripped  unacknowledged  4.2 m; priority 1: 1 of 2 unacknowledged; "
        "priority 2: 1 of 1 unacknowledged");
    BoundAlarms calm;
    calm.alarms = {alarm(9, 1, AlarmStateCode::acknowledged)};
    calm.counts = {{"works", 1, 0, 1, 0, 0, 0}};
    rig.set_alarms(calm);
    EXPECT_EQ(rig.draw().text, "no unacknowledged alarms; priority 1: 0 of 1 unacknowledged");
}

TEST_F(AlarmBanner, SilencesAllThatMayBeHeard) {
    auto alarms = some();
    alarms.sounding = 1;
    alarms.alarms[1].is_silenced = true;
    rig.set_alarms(alarms);
    const auto drawing = press_at(rig, 100 + 1000 - 4 - 38, 120);
    ASSERT_EQ(drawing.alarm_actions.size(), 1U);
    EXPECT_EQ(drawing.alarm_actions[0].action, AlarmEvent::silenced);
    EXPECT_EQ(drawing.alarm_actions[0].ids, std::vector<std::uint64_t>{7});
    EXPECT_NE(drawing.text.find("priority 1 sounds"), std::string::npos);
}

TEST_F(AlarmBanner, AcknowledgesWhatItShows) {
    const auto drawing = press_at(rig, 100 + 1000 - 4 - 2 * 64 - 32, 120);
    ASSERT_EQ(drawing.alarm_actions.size(), 1U);
    EXPECT_EQ(drawing.alarm_actions[0].action, AlarmEvent::acknowledged);
    EXPECT_EQ(drawing.alarm_actions[0].ids, std::vector<std::uint64_t>{7});
}

TEST_F(AlarmBanner, ItsMarksHaveTheColoursOfTheSite) {
    constexpr ImU32 kOfSite = IM_COL32(0x12, 0x34, 0x56, 255);
    rig.set_priority_colour(2, kOfSite);
    EXPECT_TRUE(has_colour(rig.draw(), kOfSite));
}

TEST_F(AlarmBanner, WhatIsOldIsSaid) {
    auto alarms = some();
    alarms.is_old = true;
    rig.set_alarms(alarms);
    EXPECT_NE(rig.draw().text.find("not up to date"), std::string::npos);
}

}  // namespace
}  // namespace penstock::testing
