// What an alarm list tells of the selected alarm.
#include "tests/plugins/widgets/basic/alarm_list_rig.hpp"

namespace penstock::testing {
namespace {

BoundAlarmHelp help_of(BoundAlarm alarm) {
    BoundAlarmHelp help;
    help.raised = alarm.since;
    help.alarm = std::move(alarm);
    help.response = "Stop the pump";
    help.consequence = "It is damaged";
    help.cause = "Closed valve";
    help.time_to_respond = 90min;
    help.input = "pump_7.tripped = 4.25678 m, good";
    help.limit = 4.0;
    help.alarm_class = "process";
    return help;
}

TEST_F(AlarmList, TellsOfTheSelectedAlarmWhatToDoFirst) {
    make();
    EXPECT_TRUE(rig->draw().explained.empty()) << "nobody is asked before somebody selects";
    auto help = help_of(some().alarms[0]);
    auto& step = help.steps.emplace_back();
    step.event = AlarmEvent::commented;
    step.user = "bert";
    step.comment = "on my way";
    rig->set_alarm_help(help);
    const auto drawing = press_row(0);
    EXPECT_EQ(drawing.explained, std::vector<std::string>{"pump_7.trip"});
    const auto at = drawing.text.find("pump_7.trip\nwhat to do: ");
    ASSERT_NE(at, std::string::npos) << drawing.text;
    EXPECT_EQ(drawing.text.substr(at),
              "pump_7.trip\nwhat to do: Stop the pump, within 1 h 30 min: by 11-14 23:43:20\n"
              "consequence: It is damaged\ncause: Closed valve\nnow: pump_7.tripped = 4.3 m, good\n"
              "state: unacknowledged since 11-14 22:13:20\nraised: 11-14 22:13:20, at 4.2 m, limit 4.0 m\n"
              "alarm: pump_7.trip, class process\narea: works/intake\n"
              "what was: 11-14 22:13:20  commented by bert: on my way");
}

TEST_F(AlarmList, SaysWhileItIsNotKnownYetAndWhyItIsNot) {
    make();
    EXPECT_NE(press_row(0).text.find("pump_7.trip: the server is being asked"), std::string::npos);
    auto help = help_of(some().alarms[0]);
    help.fault = "you may not look at this area";
    rig->set_alarm_help(help);
    EXPECT_NE(rig->draw().text.find("pump_7.trip: you may not look at this area"), std::string::npos);
}

// Who is reading what to do wants to read on when the alarm has gone.
TEST_F(AlarmList, WhatToDoStaysWhenTheAlarmIsOver) {
    make();
    rig->set_alarm_help(help_of(some().alarms[0]));
    (void)press_row(0);
    auto alarms = some();
    alarms.alarms.erase(alarms.alarms.begin());
    rig->set_alarms(alarms);
    const auto text = rig->draw().text;
    EXPECT_NE(text.find("what to do: Stop the pump"), std::string::npos);
    EXPECT_EQ(text.find("selected"), std::string::npos) << "but nothing is acted upon";
}

TEST_F(AlarmList, HelpIsShownWhereThereIsRoomUnlessThePropertySaysOtherwise) {
    const auto shows_help = [&](const std::string& properties, float width, float height) {
        make(properties);
        rig->place(100, 100, width, height);
        rig->set_alarm_help(help_of(some().alarms[0]));
        const float head = width >= 1180 ? 28 : 56;
        return press_at(*rig, 150, 100 + 6 + head + 18 + 12).text.find("what to do:") != std::string::npos;
    };
    EXPECT_TRUE(shows_help("{}", 1240, 150)) << "beside";
    EXPECT_TRUE(shows_help("{}", 500, 500)) << "below";
    EXPECT_FALSE(shows_help("{}", 500, 200)) << "no room";
    EXPECT_TRUE(shows_help(R"({"help": true})", 500, 200));
    EXPECT_FALSE(shows_help(R"({"help": false})", 1240, 500));
}

TEST_F(AlarmList, ThePanelLeadsToTheScreenOfTheAlarmAndCanBeClosed) {
    make();
    auto help = help_of(some().alarms[0]);
    help.alarm.screen = "intake";
    rig->set_alarm_help(help);
    (void)press_row(0);
    const float right = kRight - 2 - 6, y = 100 + 6 + 28 + 2 + 6 + 12;
    EXPECT_EQ(press_at(*rig, right - 30 - 52, y).navigations, std::vector<std::string>{"intake"});
    EXPECT_EQ(press_at(*rig, right - 15, y).text.find("selected:"), std::string::npos);
    EXPECT_EQ(rig->draw().text.find("what to do"), std::string::npos);
}

TEST_F(AlarmList, KeepsToItsPlaceWithPanelAndDialogueHoweverSmall) {
    for (const float width : {20.0F, 200.0F, 700.0F, 1240.0F})
        for (const float height : {10.0F, 60.0F, 152.0F, 600.0F}) {
            make(R"({"help": true})");
            auto help = help_of(some().alarms[0]);
            help.response = std::string(3'000, 'w');
            help.consequence = "\xFF several words that go on and on " + std::string(500, 'x');
            rig->set_alarm_help(help);
            (void)press_row(0);
            (void)press_in_head(kShelve);
            rig->place(100, 100, width, height);
            for (int frame = 0; frame < 3; ++frame) {
                const auto drawing = rig->draw();
                EXPECT_EQ(drawing.fault, "");
                EXPECT_TRUE(drawing.is_balanced && drawing.is_inside) << width << " x " << height;
            }
        }
}

}  // namespace
}  // namespace penstock::testing
