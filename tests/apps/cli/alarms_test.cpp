#include <cstdlib>
#include <ctime>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "apps/cli/verbs.hpp"
#include "tests/apps/cli/scripted_session.hpp"

namespace penstock::cli {
namespace {

using nlohmann::json;
using testing::noon;
using testing::Printed;
using testing::run_printing;
using testing::ScriptedSession;

AlarmInfo high_level() {
    AlarmInfo info;
    info.id = 4711;
    info.alarm = "clear_tank.level.high";
    info.tag = "clear_tank.level";
    info.area = "works/clear";
    info.state = AlarmStateCode::unacknowledged;
    info.holds = true;
    info.priority = 2;
    info.text = "Clear tank: level high";
    info.value = 4.7;
    info.limit = 4.5;
    info.unit = "m";
    info.since = noon() - 90s;
    return info;
}

AlarmInfo shelved_pump() {
    AlarmInfo info;
    info.alarm = "pump_1.trip";
    info.state = AlarmStateCode::shelved;
    info.priority = 1;
    info.text = "Pump 1 tripped";
    info.since = noon() - 26h;
    info.shelved_until = noon() + 30min;
    info.shelved_by = "anna";
    info.reason = "bearing is being changed";
    return info;
}

AlarmsReply reply_of(std::vector<AlarmInfo> alarms) {
    AlarmsReply reply;
    reply.alarms = std::move(alarms);
    reply.total = reply.alarms.size();
    AlarmPriority high;
    high.priority = 2;
    high.name = "high";
    reply.priorities = {high};
    AlarmCount count;
    count.area = "works/clear";
    count.priority = 2;
    count.standing = 3;
    count.unacknowledged = 1;
    count.shelved = 2;
    reply.counts = {count};
    return reply;
}

// Times are shown in the zone of whoever looks.
class CliAlarms : public ::testing::Test {
protected:
    CliAlarms() {
        if (const char* const zone = std::getenv("TZ")) zone_ = zone;
        set_zone("CET-1");
    }
    ~CliAlarms() override { set_zone(zone_.c_str()); }
    static void set_zone(const char* zone) {
        if (*zone == '\0')
            ::unsetenv("TZ");
        else
            ::setenv("TZ", zone, 1);
        ::tzset();
    }
    static Printed alarms(ScriptedSession& session, const AlarmsOptions& options, bool as_json = false) {
        GlobalOptions global;
        global.json = as_json;
        return run_printing([&] { return run_alarms(session, global, options, noon()); });
    }
    static ScriptedSession::Answer with(AlarmsReply reply) {
        return [reply](const AnyRequest&) -> Result<AnyReply> { return AnyReply(reply); };
    }

private:
    std::string zone_;
};

TEST_F(CliAlarms, AreListedWithStatePriorityTextAndValueAndCounted) {
    ScriptedSession session(with(reply_of({high_level()})));
    const auto printed = alarms(session, {});
    EXPECT_EQ(printed.code, kDone);
    EXPECT_EQ(printed.out,
              "id    state           priority  since (CET)  alarm                  text                    value\n"
              "4711  unacknowledged  2 high    12:58:30     clear_tank.level.high  Clear tank: level high  4.7 m (limit 4.5)\n"
              "3 standing, 1 of them unacknowledged (priority 2: 1 of 3); 2 shelved, 0 suppressed, 0 out of service\n");
}

TEST_F(CliAlarms, AShelfSaysByWhomUntilWhenAndWhy) {
    ScriptedSession session(with(reply_of({shelved_pump()})));
    AlarmsOptions options;
    options.shelved = true;
    const auto printed = alarms(session, options);
    EXPECT_NE(printed.out.find("-   shelved by anna: bearing is being changed, until 13:30:00  1         02-28 11:00:00"),
              std::string::npos)
        << printed.out;
    EXPECT_EQ(session.asked<AlarmsRequest>().at(0).list, AlarmList::shelved);
}

TEST_F(CliAlarms, JsonHasThePromisedKeysFirst) {
    ScriptedSession session(with(reply_of({high_level(), shelved_pump()})));
    const auto out = alarms(session, {}, true).out;
    EXPECT_EQ(out.find(R"([{"id":4711,"alarm":"clear_tank.level.high","tag":"clear_tank.level","area":"works/clear",)"
                       R"("state":"unacknowledged","priority":2,"text":"Clear tank: level high",)"
                       R"("since":"2026-03-01T11:58:30.000Z","shelved":false,"acked_by":"")"),
              0U)
        << out;
    const auto rows = json::parse(out);
    EXPECT_EQ(rows.at(0).at("limit"), 4.5);
    EXPECT_EQ(rows.at(1).at("shelved"), true);
    EXPECT_EQ(rows.at(1).at("shelved_until"), "2026-03-01T12:30:00.000Z");
}

TEST_F(CliAlarms, HistoryHasAStepALineWithWhoAndWhy) {
    auto step = high_level();
    step.event = AlarmEvent::acknowledged;
    step.user = "anna";
    step.station = "desk 1";
    step.comment = "on my way";
    ScriptedSession session(with(reply_of({step})));
    AlarmsOptions options;
    options.history = true;
    options.from = "-1h";
    options.to = "-1m";
    const auto printed = alarms(session, options);
    EXPECT_EQ(printed.out,
              "id    time (CET)  step          priority  alarm                  text                    value              by\n"
              "4711  12:58:30    acknowledged  2 high    clear_tank.level.high  Clear tank: level high  4.7 m (limit 4.5)  "
              "anna at desk 1: on my way\n");
    const auto asked = session.asked<AlarmsRequest>().at(0);
    EXPECT_EQ(asked.list, AlarmList::history);
    EXPECT_EQ(asked.from, noon() - 1h);
    EXPECT_EQ(asked.to, noon() - 1min);
}

TEST_F(CliAlarms, NoneIsSaidInWords) {
    ScriptedSession session(with({}));
    EXPECT_EQ(alarms(session, {}).out,
              "no alarm stands\n0 standing, 0 of them unacknowledged; 0 shelved, 0 suppressed, 0 out of service\n");
    AlarmsOptions options;
    options.text = "pump";
    options.suppressed = true;
    EXPECT_TRUE(alarms(session, options).out.starts_with("no alarm is suppressed that fits\n"));
}

TEST_F(CliAlarms, TheLimitGoesOverPagesAndSaysWhatIsLeft) {
    int page = 0;
    ScriptedSession session([&page](const AnyRequest&) -> Result<AnyReply> {
        auto reply = reply_of({high_level()});
        reply.next = static_cast<std::uint64_t>(++page);
        reply.total = 10;
        return AnyReply(reply);
    });
    AlarmsOptions options;
    options.limit = 3;
    const auto printed = alarms(session, options);
    EXPECT_NE(printed.out.find("shown are 3 of 10; see --limit\n"), std::string::npos) << printed.out;
    const auto asked = session.asked<AlarmsRequest>();
    ASSERT_EQ(asked.size(), 3U);
    EXPECT_EQ(asked[1].before, 1U);
    EXPECT_EQ(asked[2].limit, 1U);
}

TEST_F(CliAlarms, AServerThatTurnsInCirclesEndsInASentence) {
    ScriptedSession session([](const AnyRequest&) -> Result<AnyReply> {
        auto reply = reply_of({high_level()});
        reply.next = 7;
        return AnyReply(reply);
    });
    EXPECT_NE(alarms(session, {}).err.find("do not go on"), std::string::npos);
}

TEST_F(CliAlarms, WhatMakesNoSenseIsRefusedBeforeAServerIsAsked) {
    const auto refused = [](auto change) {
        AlarmsOptions options;
        change(options);
        ScriptedSession session(with({}));
        const auto printed = alarms(session, options);
        EXPECT_EQ(printed.code, kUsage);
        EXPECT_TRUE(session.requests.empty());
        return printed.err;
    };
    EXPECT_NE(refused([](auto& o) { o.history = o.shelved = true; }).find("wanted is one of --history"), std::string::npos);
    EXPECT_NE(refused([](auto& o) { o.from = "-1h"; }).find("are of --history"), std::string::npos);
    EXPECT_NE(refused([](auto& o) { o.priorities = {17}; }).find("wanted is 1 to 16"), std::string::npos);
    EXPECT_NE(refused([](auto& o) { o.limit = 0; }).find("--limit is 0"), std::string::npos);
    EXPECT_NE(refused([](auto& o) {
                  o.history = true;
                  o.from = "-1m";
                  o.to = "-1h";
              }).find("is not before"),
              std::string::npos);
}

// --- what is done to alarms ---
class CliAlarmAction : public ::testing::Test {
protected:
    static AlarmActionItem item(std::string alarm, std::uint64_t id, std::string refusal = {}) {
        AlarmActionItem item;
        item.alarm = std::move(alarm);
        item.id = id;
        item.reason = std::move(refusal);
        if (!item.reason.empty()) item.code = ErrorCode::denied;
        return item;
    }
    // Everything is done, but what is named "lost".
    static Result<AnyReply> do_all(const AnyRequest& any) {
        const auto& request = std::get<AlarmActionRequest>(any);
        AlarmActionReply reply;
        for (const auto id : request.ids) reply.items.push_back(item("pump_1.trip", id));
        for (const auto& name : request.alarms)
            reply.items.push_back(item(name, 7, name == "lost" ? "it is acknowledged already, by bert" : ""));
        return AnyReply(reply);
    }
    Printed act(const AlarmActionOptions& options, bool as_json = false) {
        GlobalOptions global;
        global.json = as_json;
        return run_printing([&] { return run_alarm_action(session, global, options); });
    }
    static AlarmActionOptions of(AlarmEvent action, std::vector<std::string> targets) {
        AlarmActionOptions options;
        options.action = action;
        options.targets = std::move(targets);
        return options;
    }
    ScriptedSession session{do_all};
};

TEST_F(CliAlarmAction, IdsAndNamesMayBeMixed) {
    auto options = of(AlarmEvent::acknowledged, {"4711", "tank.high", "4712"});
    options.comment = "seen";
    const auto printed = act(options);
    EXPECT_EQ(printed.code, kDone);
    EXPECT_EQ(printed.out, "pump_1.trip (4711): acknowledged\npump_1.trip (4712): acknowledged\ntank.high (7): acknowledged\n");
    const auto asked = session.asked<AlarmActionRequest>();
    ASSERT_EQ(asked.size(), 2U);
    EXPECT_EQ(asked[0].ids, (std::vector<std::uint64_t>{4711, 4712}));
    EXPECT_EQ(asked[0].comment, "seen");
    EXPECT_EQ(asked[1].alarms, (std::vector<std::string>{"tank.high"}));
}

TEST_F(CliAlarmAction, OneThatIsRefusedIsToldAndMakesTheExitCode) {
    const auto printed = act(of(AlarmEvent::acknowledged, {"tank.high", "lost"}));
    EXPECT_EQ(printed.code, kRefused);
    EXPECT_EQ(printed.out, "tank.high (7): acknowledged\nlost (7): refused: it is acknowledged already, by bert\n");
    const auto rows = json::parse(act(of(AlarmEvent::acknowledged, {"lost"}), true).out);
    EXPECT_EQ(
        rows,
        json::parse(R"([{"alarm": "lost", "id": 7, "outcome": "refused", "reason": "it is acknowledged already, by bert"}])"));
}

TEST_F(CliAlarmAction, AnAreaWithNothingToDoIsSaid) {
    AlarmActionOptions options;
    options.action = AlarmEvent::silenced;
    options.area = "works/intake";
    const auto printed = act(options);
    EXPECT_EQ(printed.code, kDone);
    EXPECT_EQ(printed.out, "no alarm stands in works/intake that this could be done to\n");
    EXPECT_EQ(session.asked<AlarmActionRequest>().at(0).area, "works/intake");
}

TEST_F(CliAlarmAction, AShelfIsForATimeOrOnceAndHasAReason) {
    auto options = of(AlarmEvent::shelved, {"tank.high"});
    options.comment = "float is stuck";
    options.duration = "1h";
    EXPECT_EQ(act(options).out, "tank.high (7): shelved\n");
    options.duration.clear();
    options.once = true;
    EXPECT_EQ(act(options).out, "tank.high (7): shelved once\n");
    const auto asked = session.asked<AlarmActionRequest>();
    ASSERT_EQ(asked.size(), 2U);
    EXPECT_EQ(asked[0].action, AlarmEvent::shelved);
    EXPECT_EQ(asked[0].shelve_for, 1h);
    EXPECT_EQ(asked[0].comment, "float is stuck");
    EXPECT_EQ(asked[1].action, AlarmEvent::shelved_once);
}

TEST_F(CliAlarmAction, WhatMakesNoSenseIsRefusedBeforeAServerIsAsked) {
    const auto refused = [&](const AlarmActionOptions& options) {
        const auto printed = act(options);
        EXPECT_EQ(printed.code, kUsage);
        EXPECT_TRUE(session.requests.empty());
        return printed.err;
    };
    EXPECT_NE(refused(of(AlarmEvent::acknowledged, {})).find("wanted is an alarm's id or name, or --area"), std::string::npos);
    auto both = of(AlarmEvent::acknowledged, {"x"});
    both.area = "works";
    EXPECT_NE(refused(both).find("either alarms or --area"), std::string::npos);
    auto shelf = of(AlarmEvent::shelved, {"x"});
    shelf.duration = "1h";
    shelf.comment = "  ";
    EXPECT_NE(refused(shelf).find("this wants a reason"), std::string::npos);
    shelf.comment = "because";
    shelf.once = true;
    EXPECT_NE(refused(shelf).find("either --for TIME"), std::string::npos);
    shelf.once = false;
    shelf.duration = "soon";
    EXPECT_NE(refused(shelf).find("soon"), std::string::npos);
    shelf.duration = "0s";
    EXPECT_NE(refused(shelf).find("no time at all"), std::string::npos);
    EXPECT_NE(refused(of(AlarmEvent::commented, {"x"})).find("this wants a reason"), std::string::npos);
}

TEST_F(CliAlarmAction, SilenceOfTheServerLeavesTheOutcomeUnknown) {
    ScriptedSession lost([](const AnyRequest&) -> Result<AnyReply> { return fail(ErrorCode::timeout, "no answer", {}, true); });
    const auto options = of(AlarmEvent::acknowledged, {"x"});
    EXPECT_EQ(run_printing([&] { return run_alarm_action(lost, {}, options); }).code, kUnknownOutcome);
    ScriptedSession none(
        [](const AnyRequest&) -> Result<AnyReply> { return fail(ErrorCode::unavailable, "this plant has no alarms"); });
    const auto printed = run_printing([&] { return run_alarm_action(none, {}, options); });
    EXPECT_EQ(printed.code, kRefused);
    EXPECT_EQ(printed.err, "penstock: this plant has no alarms\n");
}

// --- figures and explanations ---
TEST(CliAlarmStats, StandBesideWhatIsRecommendedWithTheWorstBelow) {
    ScriptedSession session([](const AnyRequest&) -> Result<AnyReply> {
        AlarmFiguresReply reply;
        AlarmFigure figure;
        figure.scope = "plant";
        figure.figure = "alarms_per_10min";
        figure.value = 2.25;
        figure.recommended = "at most 1";
        figure.is_beyond = true;
        reply.figures.push_back(figure);
        figure.scope = "area works/intake";
        figure.value = 1.0 / 3;
        figure.is_beyond = false;
        reply.figures.push_back(figure);
        AlarmOffender offender;
        offender.alarm = "pump_1.trip";
        offender.text = "Pump 1 tripped";
        offender.count = 40;
        offender.share = 0.245;
        offender.is_chattering = offender.is_stale = true;
        reply.top = {offender};
        reply.since = noon();
        return AnyReply(reply);
    });
    AlarmStatsOptions options;
    options.area = "works";
    const auto printed = run_printing([&] { return run_alarm_stats(session, {}, options); });
    EXPECT_EQ(printed.out,
              "   scope              figure            value  recommended\n"
              "!  plant              alarms_per_10min  2.25   at most 1\n"
              "   area works/intake  alarms_per_10min  0.333  at most 1\n"
              "\n"
              "count  share  alarm        text            remark\n"
              "40     25 %   pump_1.trip  Pump 1 tripped  chattering, stale\n"
              "the figures reach back to 2026-03-01T12:00:00.000Z\n");
    EXPECT_EQ(session.asked<AlarmFiguresRequest>().at(0).area, "works");
}

Printed explain(ScriptedSession& session, const std::string& name) {
    ExplainOptions options;
    options.name = name;
    return run_printing([&] { return run_explain(session, {}, options); });
}

TEST(CliExplain, WhatIsNoTagMayBeAnAlarm) {
    ScriptedSession session([](const AnyRequest& any) -> Result<AnyReply> {
        if (std::holds_alternative<ExplainRequest>(any)) return fail(ErrorCode::not_found, "there is no tag \"tank.high\"");
        ExplainAlarmReply reply;
        reply.info = high_level();
        reply.state_sentence = "unacknowledged since 12:03:17";
        reply.policy = "limits: high";
        AlarmParameter limit;
        limit.name = "high";
        limit.value = "4.5 m";
        limit.tag = "tank.high_limit";
        reply.parameters = {limit};
        reply.suppressed_if = {"pump_1 is off"};
        reply.response = "Close the inlet";
        reply.time_to_respond = 10min;
        return AnyReply(reply);
    });
    const auto printed = explain(session, "tank.high");
    EXPECT_EQ(printed.code, kDone);
    for (const auto* line : {"alarm            clear_tank.level.high\n", "state            unacknowledged since 12:03:17\n",
                             "high             4.5 m, from the tag tank.high_limit\n", "suppressed if    pump_1 is off\n",
                             "response         Close the inlet\n", "time to respond  10 min\n"})
        EXPECT_NE(printed.out.find(line), std::string::npos) << line << printed.out;
    EXPECT_EQ(session.asked<ExplainAlarmRequest>().at(0).alarm, "tank.high");
}

TEST(CliExplain, WhatIsNeitherIsAnsweredWithTheNearestOfBoth) {
    ScriptedSession session([](const AnyRequest& any) -> Result<AnyReply> {
        const bool is_tag = std::holds_alternative<ExplainRequest>(any);
        return fail(ErrorCode::not_found,
                    is_tag ? "there is no tag \"x\"; did you mean \"x1\"?" : "there is no alarm \"x\"; did you mean \"x2\"?");
    });
    const auto printed = explain(session, "x");
    EXPECT_EQ(printed.code, kRefused);
    EXPECT_EQ(printed.err,
              "penstock: there is no tag \"x\"; did you mean \"x1\"? there is no alarm \"x\"; did you mean \"x2\"?\n");
}

TEST(CliExplain, APlantWithoutAlarmsSpeaksOfTagsAlone) {
    ScriptedSession session([](const AnyRequest& any) -> Result<AnyReply> {
        const bool is_tag = std::holds_alternative<ExplainRequest>(any);
        return is_tag ? fail(ErrorCode::not_found, "there is no tag \"x\"")
                      : fail(ErrorCode::unavailable, "this plant has no alarms");
    });
    EXPECT_EQ(explain(session, "x").err, "penstock: there is no tag \"x\"\n");
}

}  // namespace
}  // namespace penstock::cli
