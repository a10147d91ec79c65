#include "core/client/alarm_model.hpp"

#include <gtest/gtest.h>

#include "tests/core/client/fake_session.hpp"

namespace penstock::client {
namespace {

using testing::FakeSession;

AlarmInfo alarm(std::uint64_t id, AlarmStateCode state, std::uint8_t priority = 2) {
    AlarmInfo info;
    info.id = id;
    info.alarm = "alarm_" + std::to_string(id);
    info.state = state;
    info.priority = priority;
    return info;
}

class Alarms : public ::testing::Test {
protected:
    void poll() {
        session.poll();
        next_tick = model.poll(now);
    }
    void look(AlarmList list = AlarmList::standing) {
        model.look_at(list, now);
        poll();
    }
    void answer(std::vector<AlarmInfo> alarms, std::uint64_t durable) {
        AlarmsReply reply;
        reply.alarms = std::move(alarms);
        reply.durable = durable;
        AlarmPriority loud, quiet;
        loud.priority = 1;
        loud.sound = "horn";
        quiet.priority = 3;
        reply.priorities = {loud, quiet};
        reply.priorities.emplace_back().priority = 2;
        reply.priorities.back().sound = "chime";
        session.next<AlarmsRequest>();
        session.answer(AnyReply(reply));
        poll();
    }
    void step(std::uint64_t position) {
        EventsUpdate update;
        update.events.emplace_back().position = position;
        update.next = position + 1;
        session.events.back()->handler.on_update(update);
        poll();
    }
    const ShownAlarms& shown(AlarmList list = AlarmList::standing) { return model.look_at(list, now); }

    FakeSession session;
    AlarmModel model{session};
    MonotonicTime now = monotonic_from_ns(0);
    std::optional<MonotonicTime> next_tick;
};

TEST_F(Alarms, AreAskedForWhenSomebodyLooksAndFollowedFromThere) {
    poll();
    EXPECT_TRUE(session.calls.empty()) << "nobody looks";
    look();
    EXPECT_FALSE(shown().is_known);
    answer({alarm(7, AlarmStateCode::unacknowledged)}, 40);
    EXPECT_TRUE(shown().is_known);
    EXPECT_FALSE(shown().is_old);
    ASSERT_EQ(shown().reply.alarms.size(), 1U);
    ASSERT_EQ(session.events.size(), 1U);
    EXPECT_EQ(session.events[0]->request.from, 40U) << "nothing between list and stream is missed";
    EXPECT_EQ(session.events[0]->request.kinds, std::vector{EventKind::alarm});
}

TEST_F(Alarms, AStepRenewsTheListAndAFloodDoesSoOnlyNowAndThen) {
    look();
    answer({}, 40);
    now += 1s;
    const auto version = model.version();
    step(40);
    EXPECT_NE(model.version(), version);
    for (std::uint64_t position = 41; position < 60; ++position) step(position);
    EXPECT_EQ(session.calls.size(), 1U) << "one question at a time";
    answer({alarm(40, AlarmStateCode::unacknowledged)}, 45);
    EXPECT_TRUE(session.calls.empty());
    EXPECT_EQ(next_tick, now + AlarmModel::kRefresh) << "the answer is older than the last steps";
    now += AlarmModel::kRefresh;
    poll();
    answer({alarm(40, AlarmStateCode::unacknowledged), alarm(59, AlarmStateCode::unacknowledged)}, 60);
    now += 1s;
    poll();
    EXPECT_TRUE(session.calls.empty()) << "and now it has all of them";
    EXPECT_EQ(shown().reply.alarms.size(), 2U);
}

TEST_F(Alarms, InAFloodTheListIsAskedForLessAndLessOftenAndAtOnceAfterIt) {
    look();
    answer({}, 40);
    now += 10s;
    std::vector<Duration> asked;  // since the flood began
    const auto began = now;
    for (std::uint64_t position = 40; now < began + 10s; now += 10ms) {
        step(position++);
        if (session.calls.empty()) continue;
        asked.push_back(now - began);
        answer({}, position);
    }
    ASSERT_GE(asked.size(), 5U);
    EXPECT_EQ(asked[0], 0s);
    EXPECT_EQ(asked[1], AlarmModel::kRefresh);
    EXPECT_EQ(asked[2] - asked[1], 2 * AlarmModel::kRefresh);
    EXPECT_EQ(asked[4] - asked[3], AlarmModel::kLongestRefresh);
    EXPECT_LE(asked.size(), 12U);
    now += 10s;
    poll();
    if (!session.calls.empty()) answer({}, 9'000);
    now += 10s;
    step(9'000);
    EXPECT_EQ(session.calls.size(), 1U) << "a single step is shown at once";
    answer({}, 9'001);
    step(9'001);
    EXPECT_EQ(next_tick, now + AlarmModel::kRefresh);
}

TEST_F(Alarms, WhatTheOperatorDidIsShownAtOnceInAFlood) {
    look();
    answer({alarm(7, AlarmStateCode::unacknowledged)}, 40);
    now += 10s;
    step(40);
    answer({alarm(7, AlarmStateCode::unacknowledged)}, 41);
    model.act({AlarmEvent::acknowledged, {{7, "alarm_7"}}, {}, {}});
    session.answer(AnyReply(AlarmActionReply()));
    step(41);
    EXPECT_EQ(session.calls.size(), 1U);
}

TEST_F(Alarms, AStepThatTheListHasAlreadyAsksNothing) {
    look();
    answer({}, 40);
    now += 1s;
    EventsUpdate update;
    update.next = 900;  // others' events were passed over
    session.events.back()->handler.on_update(update);
    poll();
    EXPECT_TRUE(session.calls.empty());
}

TEST_F(Alarms, OverALostServerTheListStaysAndIsOld) {
    look();
    answer({alarm(7, AlarmStateCode::unacknowledged)}, 40);
    session.status.state = LinkState::lost;
    model.link_lost();
    EXPECT_TRUE(shown().is_old);
    EXPECT_EQ(shown().reply.alarms.size(), 1U);
    now += 10s;
    poll();
    EXPECT_TRUE(session.calls.empty());
    session.status.state = LinkState::connected;
    model.connected_anew();
    poll();
    EXPECT_TRUE(shown().is_old) << "until the server has answered";
    answer({}, 12);
    EXPECT_FALSE(shown().is_old);
    EXPECT_TRUE(shown().reply.alarms.empty());
    EXPECT_EQ(session.events.size(), 1U) << "the session renews the stream by itself";
}

TEST_F(Alarms, AnAnswerOfTheConnectionBeforeIsNotTaken) {
    look();
    session.next<AlarmsRequest>();
    model.connected_anew();
    AlarmsReply old;
    old.alarms = {alarm(7, AlarmStateCode::unacknowledged)};
    session.answer(AnyReply(old));
    poll();
    EXPECT_FALSE(shown().is_known);
}

TEST_F(Alarms, APlantWithoutAlarmsSaysSo) {
    look();
    session.next<AlarmsRequest>();
    session.answer(fail(ErrorCode::unavailable, "this plant has no alarms"));
    poll();
    EXPECT_EQ(shown().fault, "this plant has no alarms");
    EXPECT_FALSE(shown().is_old);
    EXPECT_TRUE(session.events.empty());
}

TEST_F(Alarms, AServerThatHadNoTimeIsAskedAgain) {
    look();
    answer({alarm(7, AlarmStateCode::unacknowledged)}, 40);
    now += 1s;
    step(40);
    session.next<AlarmsRequest>();
    session.answer(fail(ErrorCode::timeout, "no time", {}, true));
    poll();
    EXPECT_TRUE(shown().is_old) << "the list is of before";
    EXPECT_EQ(next_tick, now + AlarmModel::kRefresh);
}

TEST_F(Alarms, WhatIsAskedForIsMarkedUntilItIsAnsweredAndARefusalIsTold) {
    look();
    answer({alarm(7, AlarmStateCode::unacknowledged), alarm(8, AlarmStateCode::unacknowledged)}, 40);
    model.act({AlarmEvent::acknowledged, {{7, "alarm_7"}, {8, "alarm_8"}, {0, "never_raised"}}, {}, {}});
    EXPECT_TRUE(model.is_asked(alarm(7, AlarmStateCode::unacknowledged)));
    EXPECT_EQ(shown().reply.alarms[0].state, AlarmStateCode::unacknowledged) << "asked for is not done";
    const auto asked = session.next<AlarmActionRequest>();
    EXPECT_EQ(asked.action, AlarmEvent::acknowledged);
    EXPECT_EQ(asked.ids, (std::vector<std::uint64_t>{7, 8}));
    AlarmActionReply reply;
    reply.items.resize(2);
    reply.items[1].alarm = "alarm_8";
    reply.items[1].code = ErrorCode::denied;
    reply.items[1].reason = "it is acknowledged already, by bert";
    session.answer(AnyReply(reply));
    poll();
    EXPECT_FALSE(model.is_asked(alarm(7, AlarmStateCode::unacknowledged)));
    EXPECT_EQ(model.notice(), "alarm_8: it is acknowledged already, by bert");
    model.act({AlarmEvent::silenced, {{7, "alarm_7"}}, {}, {}});
    EXPECT_EQ(model.notice(), "") << "it was of what was asked before";
}

TEST_F(Alarms, WhatIsDoneToTheAlarmItselfNamesItAndNotItsOccurrence) {
    look();
    auto never_raised = alarm(0, AlarmStateCode::shelved);
    answer({alarm(7, AlarmStateCode::unacknowledged), never_raised}, 40);
    model.act({AlarmEvent::shelved, {{7, "alarm_7"}, {0, "alarm_0"}}, "float is stuck", 1h});
    EXPECT_TRUE(model.is_asked(alarm(7, AlarmStateCode::unacknowledged)));
    EXPECT_TRUE(model.is_asked(never_raised));
    const auto asked = session.next<AlarmActionRequest>();
    EXPECT_EQ(asked.alarms, (std::vector<std::string>{"alarm_7", "alarm_0"}));
    EXPECT_TRUE(asked.ids.empty()) << "the server wants one of them";
    EXPECT_EQ(asked.comment, "float is stuck");
    EXPECT_EQ(asked.shelve_for, 1h);
    session.answer(AnyReply(AlarmActionReply()));
    poll();
    EXPECT_FALSE(model.is_asked(never_raised));
}

TEST_F(Alarms, ACommentGoesToTheOccurrenceOrToTheAlarmWhereThereIsNone) {
    look();
    answer({}, 40);
    model.act({AlarmEvent::commented, {{7, "alarm_7"}, {0, "alarm_0"}}, "on my way", {}});
    EXPECT_EQ(session.next<AlarmActionRequest>().ids, std::vector<std::uint64_t>{7});
    session.answer(AnyReply(AlarmActionReply()));
    EXPECT_EQ(session.next<AlarmActionRequest>().alarms, std::vector<std::string>{"alarm_0"});
}

TEST_F(Alarms, OfManyRefusalsTheFirstIsToldWithTheNumberOfOthers) {
    look();
    answer({}, 40);
    model.act({AlarmEvent::shelved, {{7, "a"}, {8, "b"}, {9, "c"}}, "test", 24h});
    AlarmActionReply reply;
    for (const auto* name : {"a", "b", "c"}) {
        auto& item = reply.items.emplace_back();
        item.alarm = name;
        item.code = ErrorCode::denied;
        item.reason = "it may be shelved for up to 480 min";
    }
    session.answer(AnyReply(reply));
    poll();
    EXPECT_EQ(model.notice(), "a: it may be shelved for up to 480 min (and 2 more)");
}

TEST_F(Alarms, AStepRenewsWhatIsKnownOfItsAlarm) {
    look();
    answer({}, 40);
    (void)model.explainer().look_at("alarm_7", now);
    poll();
    session.answer(AnyReply(ExplainAlarmReply()));
    poll();
    now += 1s;
    EventsUpdate update;
    update.events.emplace_back().object = "alarm_7";
    update.next = 42;
    session.events.back()->handler.on_update(update);
    poll();
    ASSERT_EQ(session.calls.size(), 2U) << "the list and the alarm";
    EXPECT_EQ(session.next<ExplainAlarmRequest>().alarm, "alarm_7");
}

TEST_F(Alarms, AreAskedForAgainInAnotherLanguageAndStayUntilItsTextsAreThere) {
    look();
    EXPECT_EQ(session.next<AlarmsRequest>().language, "");
    answer({alarm(7, AlarmStateCode::unacknowledged)}, 40);
    model.set_language("de");
    poll();
    EXPECT_EQ(shown().reply.alarms.size(), 1U);
    EXPECT_FALSE(shown().is_old);
    ASSERT_EQ(session.calls.size(), 1U) << "at once";
    EXPECT_EQ(session.next<AlarmsRequest>().language, "de");
    model.set_language("de");
    poll();
    EXPECT_EQ(session.calls.size(), 1U) << "it does so already";
}

TEST_F(Alarms, AnAnswerInTheLanguageBeforeIsNotTaken) {
    look();
    model.set_language("de");
    AlarmsReply english;
    english.alarms = {alarm(7, AlarmStateCode::unacknowledged)};
    session.answer(AnyReply(english));
    poll();
    EXPECT_FALSE(shown().is_known);
    EXPECT_EQ(session.next<AlarmsRequest>().language, "de");
}

TEST_F(Alarms, WithoutAServerNothingIsAskedFor) {
    session.status.state = LinkState::lost;
    model.act({AlarmEvent::acknowledged, {{7, "alarm_7"}}, {}, {}});
    EXPECT_TRUE(session.calls.empty());
    EXPECT_FALSE(model.is_asked(alarm(7, AlarmStateCode::unacknowledged)));
    EXPECT_NE(model.notice().find("nothing was done"), std::string::npos);
}

TEST_F(Alarms, TheHornIsOfTheMostUrgentThatHasASoundAndNobodySilenced) {
    look();
    auto silenced = alarm(1, AlarmStateCode::unacknowledged, 1);
    silenced.is_silenced = true;
    answer({silenced, alarm(2, AlarmStateCode::acknowledged, 1), alarm(3, AlarmStateCode::unacknowledged, 3)}, 40);
    EXPECT_EQ(model.sounding(), 0) << "priority 3 has no sound";
    now += 1s;
    step(40);
    answer({silenced, alarm(4, AlarmStateCode::returned_unacknowledged, 2), alarm(3, AlarmStateCode::unacknowledged, 3)}, 41);
    EXPECT_EQ(model.sounding(), 2);
}

}  // namespace
}  // namespace penstock::client
