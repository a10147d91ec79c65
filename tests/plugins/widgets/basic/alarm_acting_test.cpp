// What is selected in an alarm list, by mouse and keyboard, and what is done to it.
#include <utility>

#include "tests/plugins/widgets/basic/alarm_list_rig.hpp"

namespace penstock::testing {
namespace {

TEST_F(AlarmList, EnterAndADoubleClickLeadToTheScreenOfTheAlarm) {
    make();
    auto alarms = some();
    alarms.alarms[0].screen = "intake";
    rig->set_alarms(alarms);
    EXPECT_TRUE(press_row(0).navigations.empty()) << "one press selects";
    EXPECT_EQ(rig->strike(ImGuiKey_Enter).navigations, std::vector<std::string>{"intake"});
    rig->press_mouse(true);  // again at the same place, at once
    EXPECT_EQ(rig->draw().navigations, std::vector<std::string>{"intake"});
    rig->press_mouse(false);
    (void)rig->draw();
    (void)press_row(1);
    EXPECT_TRUE(rig->strike(ImGuiKey_Enter).navigations.empty()) << "it has none";
}

TEST_F(AlarmList, WhatIsSelectedIsActedUponAndSaid) {
    make();
    EXPECT_NE(press_row(1).text.find("\nselected: pump_8.trip"), std::string::npos);
    const auto silenced = press_in_head(kSilence);
    ASSERT_EQ(silenced.alarm_actions.size(), 1U);
    EXPECT_EQ(silenced.alarm_actions[0].action, AlarmEvent::silenced);
    EXPECT_EQ(silenced.alarm_actions[0].ids, std::vector<std::uint64_t>{8});
    const auto acknowledged = press_in_head(kAcknowledge);
    ASSERT_EQ(acknowledged.alarm_actions.size(), 1U);
    EXPECT_EQ(acknowledged.alarm_actions[0].ids, std::vector<std::uint64_t>{8}) << "not all that are in sight";
}

TEST_F(AlarmList, CtrlSelectsOneMoreAndShiftUpToThere) {
    make();
    (void)press_row(0);
    auto text = press_row_with(2, true, false).text;
    EXPECT_NE(text.find("selected: pump_7.trip\nselected: pump_9.trip"), std::string::npos) << text;
    text = press_row_with(0, true, false).text;
    EXPECT_EQ(text.find("selected: pump_7.trip"), std::string::npos) << text;
    (void)press_row(2);
    text = press_row_with(1, false, true).text;
    EXPECT_NE(text.find("selected: pump_8.trip\nselected: pump_9.trip"), std::string::npos) << text;
    (void)press_at(*rig, 300, kFirstRowY + 6 * kRow);
    EXPECT_EQ(rig->draw().text.find("selected"), std::string::npos) << "below the rows";
}

TEST_F(AlarmList, WithoutASelectionNothingButAcknowledgingAllCanBePressed) {
    make();
    for (const auto x : {kSilence, kShelve, kTakeOut, kComment, kRare}) {
        const auto drawing = press_in_head(x);
        EXPECT_TRUE(drawing.alarm_actions.empty()) << x;
        EXPECT_EQ(drawing.text, rig->draw().text) << x;
    }
}

TEST_F(AlarmList, OnlyThoseOfTheSelectionThatWantItAreActedUpon) {
    make();
    (void)press_row(0);
    (void)press_row_with(2, false, true);
    const auto drawing = press_in_head(kAcknowledge);
    ASSERT_EQ(drawing.alarm_actions.size(), 1U);
    EXPECT_EQ(drawing.alarm_actions[0].ids, (std::vector<std::uint64_t>{7, 8})) << "9 is acknowledged already";
}

// It was raised anew while it was out of sight: what nobody has seen is not acknowledged.
TEST_F(AlarmList, WhatIsAcknowledgedIsTheOccurrenceThatWasSeen) {
    make();
    (void)press_row(0);
    rig->place(100, 100, kWidth, 6 + 28 + 18 + 6);  // no row in sight
    auto alarms = some();
    alarms.alarms[0].id = 70;
    rig->set_alarms(alarms);
    (void)rig->draw();
    const auto drawing = press_in_head(kAcknowledge);
    ASSERT_EQ(drawing.alarm_actions.size(), 1U);
    EXPECT_EQ(drawing.alarm_actions[0].ids, std::vector<std::uint64_t>{7});
}

TEST_F(AlarmList, ShelvingWantsATimeAndAReason) {
    make();
    (void)press_row(0);
    EXPECT_NE(open(kShelve).text.find("\nShelve pump_7.trip, for 1 h: "), std::string::npos) << rig->draw().text;
    (void)rig->strike(ImGuiKey_Enter);
    EXPECT_NE(rig->draw().text.find("(a reason is wanted)"), std::string::npos) << rig->draw().text;
    (void)press_at(*rig, kTimes + 2 * 64 + 32, kTimesY);  // 4 h
    (void)press_at(*rig, 400, kTimesY + 30);
    rig->type_text("float is stuck");
    (void)rig->draw();
    const auto drawing = rig->strike(ImGuiKey_Enter);
    ASSERT_EQ(drawing.alarm_actions.size(), 1U);
    EXPECT_EQ(drawing.alarm_actions[0].action, AlarmEvent::shelved);
    EXPECT_EQ(drawing.alarm_actions[0].alarms, std::vector<std::string>{"pump_7.trip"});
    EXPECT_EQ(drawing.alarm_actions[0].comment, "float is stuck");
    EXPECT_EQ(drawing.alarm_actions[0].shelve_for, 4h);
    EXPECT_EQ(rig->draw().text.find("Shelve pump_7.trip"), std::string::npos) << "it is over";
}

TEST_F(AlarmList, AShelfMayBeUntilTheAlarmIsOver) {
    make();
    (void)press_row(0);
    (void)open(kShelve);
    rig->type_text("work on the pump");
    (void)rig->draw();
    (void)press_at(*rig, kTimes + 4 * 64 + 60, kTimesY);
    const auto drawing = press_at(*rig, kRight - 4 - 84 - 74, kTimesY + 30);  // its own button
    ASSERT_EQ(drawing.alarm_actions.size(), 1U) << drawing.text;
    EXPECT_EQ(drawing.alarm_actions[0].action, AlarmEvent::shelved_once);
    EXPECT_EQ(drawing.alarm_actions[0].shelve_for, Duration::zero());
}

TEST_F(AlarmList, EscapeLeavesEverythingAsItWas) {
    make();
    (void)press_row(0);
    (void)open(kShelve);
    rig->type_text("a reason");
    (void)rig->draw();
    const auto drawing = rig->strike(ImGuiKey_Escape);
    EXPECT_TRUE(drawing.alarm_actions.empty());
    EXPECT_EQ(drawing.text.find("Shelve"), std::string::npos) << drawing.text;
    (void)open(kComment);
    (void)press_at(*rig, kRight - 4 - 42, kTimesY);  // Cancel: no line of times
    EXPECT_EQ(rig->draw().text.find("Comment on"), std::string::npos);
}

TEST_F(AlarmList, AfterADialogueTheKeyboardIsInTheRowsAgainWhichDoNotHearItsEnter) {
    make();
    auto alarms = some();
    alarms.alarms[0].screen = "intake";
    rig->set_alarms(alarms);
    (void)press_row(0);
    (void)open(kComment);
    rig->type_text("on my way");
    (void)rig->draw();
    const auto drawing = rig->strike(ImGuiKey_Enter);
    EXPECT_EQ(drawing.alarm_actions.size(), 1U);
    EXPECT_TRUE(drawing.navigations.empty());
    EXPECT_NE(rig->strike(ImGuiKey_DownArrow).text.find("\nselected: pump_8.trip"), std::string::npos);
}

TEST_F(AlarmList, TakingOutOfServiceAndCommentsWantWords) {
    make();
    (void)press_row(0);
    for (const auto& [x, action] : {std::pair{kTakeOut, AlarmEvent::taken_out}, std::pair{kComment, AlarmEvent::commented}}) {
        (void)open(x);
        rig->type_text("motor is away");
        (void)rig->draw();
        const auto drawing = rig->strike(ImGuiKey_Enter);
        ASSERT_EQ(drawing.alarm_actions.size(), 1U) << drawing.text;
        EXPECT_EQ(drawing.alarm_actions[0].action, action);
        EXPECT_EQ(drawing.alarm_actions[0].comment, "motor is away");
    }
}

// Those that were never raised have no occurrence: they are acted upon by name.
TEST_F(AlarmList, WhatIsShelvedOrOutOfServiceComesBackByName) {
    make();
    BoundAlarms shelved, out;
    shelved.alarms = {alarm(0, 2, AlarmStateCode::shelved)};
    out.alarms = {alarm(0, 2, AlarmStateCode::out_of_service)};
    rig->set_alarms(shelved, 1);
    rig->set_alarms(out, 3);
    (void)press_in_head(kShelvedPage);
    (void)press_row(0);
    const auto unshelved = press_in_head(kUnshelve);
    ASSERT_EQ(unshelved.alarm_actions.size(), 1U);
    EXPECT_EQ(unshelved.alarm_actions[0].action, AlarmEvent::unshelved);
    EXPECT_EQ(unshelved.alarm_actions[0].alarms, std::vector<std::string>{"pump_0.trip"});
    EXPECT_EQ(unshelved.alarm_actions[0].ids, std::vector<std::uint64_t>{0});
    (void)press_in_head(kOutPage);
    (void)press_row(0);
    const auto back = press_in_head(kPutBack);
    ASSERT_EQ(back.alarm_actions.size(), 1U);
    EXPECT_EQ(back.alarm_actions[0].action, AlarmEvent::put_back);
}

TEST_F(AlarmList, AnotherPageHasNoSelection) {
    make();
    (void)press_row(0);
    (void)press_in_head(kSuppressedPage);
    EXPECT_EQ(rig->draw().text, "0 suppressed");
}

TEST_F(AlarmList, AShelfTellsUntilWhen) {
    make();
    BoundAlarms shelved;
    shelved.alarms = {alarm(5, 2, AlarmStateCode::shelved)};
    shelved.alarms[0].shelved_until = utc_from_ns(1'700'003'600'000'000'000);
    shelved.alarms[0].note = "by anna: bearing is being changed";
    rig->set_alarms(shelved, 1);
    (void)press_in_head(kShelvedPage);
    EXPECT_NE(rig->draw().text.find("shelved until 11-14 23:13:20 by anna: bearing is being changed"), std::string::npos)
        << rig->draw().text;
}

TEST_F(AlarmList, ConfirmAndResetAreThereWhereAnAlarmWantsThem) {
    make();
    for (const auto& [state, action] : {std::pair{AlarmStateCode::acknowledged, AlarmEvent::confirmed},
                                        std::pair{AlarmStateCode::returned_unconfirmed, AlarmEvent::confirmed},
                                        std::pair{AlarmStateCode::latched_acknowledged, AlarmEvent::reset}}) {
        auto alarms = some();
        alarms.alarms[2].state = state;
        alarms.alarms[2].to_confirm = action == AlarmEvent::confirmed;
        rig->set_alarms(alarms);
        (void)press_row(0);
        EXPECT_TRUE(press_in_head(kRare).alarm_actions.empty());
        (void)press_row(2);
        const auto drawing = press_in_head(kRare);
        ASSERT_EQ(drawing.alarm_actions.size(), 1U);
        EXPECT_EQ(drawing.alarm_actions[0].action, action);
        EXPECT_EQ(drawing.alarm_actions[0].ids, std::vector<std::uint64_t>{9});
    }
}

TEST_F(AlarmList, ArrowKeysMoveTheSelectionAndSpaceAcknowledgesIt) {
    make();
    (void)press_row(0);
    EXPECT_NE(rig->strike(ImGuiKey_DownArrow).text.find("\nselected: pump_8.trip"), std::string::npos);
    rig->hold(false, true);
    const auto range = rig->strike(ImGuiKey_UpArrow);
    rig->hold(false, false);
    EXPECT_NE(range.text.find("selected: pump_7.trip\nselected: pump_8.trip"), std::string::npos) << range.text;
    const auto drawing = rig->strike(ImGuiKey_Space);
    ASSERT_EQ(drawing.alarm_actions.size(), 1U);
    EXPECT_EQ(drawing.alarm_actions[0].action, AlarmEvent::acknowledged);
    EXPECT_EQ(drawing.alarm_actions[0].ids, (std::vector<std::uint64_t>{7, 8}));
}

TEST_F(AlarmList, KeysMoveOnInLongListsAndCtrlASelectsWhatIsInSight) {
    make();
    BoundAlarms many;
    for (std::uint64_t id = 1; id <= 40; ++id) many.alarms.push_back(alarm(id, 2, AlarmStateCode::acknowledged));
    rig->set_alarms(many);
    (void)press_row(0);
    EXPECT_NE(rig->strike(ImGuiKey_End).text.find("\nselected: pump_40.trip"), std::string::npos);
    EXPECT_NE(rig->draw().text.find("pump_40.trip  Pump"), std::string::npos) << "and it is in sight";
    EXPECT_NE(rig->strike(ImGuiKey_PageUp).text.find("\nselected: pump_30.trip"), std::string::npos) << rig->draw().text;
    EXPECT_NE(rig->strike(ImGuiKey_Home).text.find("\nselected: pump_1.trip"), std::string::npos);
    EXPECT_NE(rig->draw().text.find("30 more below"), std::string::npos) << rig->draw().text;
    rig->hold(true, false);
    const auto all = rig->strike(ImGuiKey_A).text;
    rig->hold(false, false);
    std::size_t selected = 0;
    for (auto at = all.find("selected:"); at != std::string::npos; at = all.find("selected:", at + 1)) ++selected;
    EXPECT_EQ(selected, 10U);
}

}  // namespace
}  // namespace penstock::testing
