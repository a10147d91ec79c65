#include <cstdlib>
#include <ctime>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "apps/cli/verbs.hpp"
#include "tests/apps/cli/sample_alarms.hpp"
#include "tests/apps/cli/scripted_session.hpp"

namespace penstock::cli {
namespace {

using nlohmann::json;
using testing::high_level;
using testing::noon;
using testing::Printed;
using testing::run_printing;
using testing::ScriptedSession;

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

ScriptedSession::Answer bilingual(AlarmsReply reply) {
    return [reply](const AnyRequest& any) -> Result<AnyReply> {
        if (!std::holds_alternative<StatusRequest>(any)) return AnyReply(reply);
        StatusReply status;
        status.server.languages = {"en", "de"};
        return AnyReply(status);
    };
}

TEST_F(CliAlarms, AreInTheLanguageThatIsNamedElseInThatOfTheEnvironment) {
    ScriptedSession session(bilingual(reply_of({high_level()})));
    const auto asked_in = [&](std::string_view locale, std::string_view named) {
        GlobalOptions global;
        global.locale = locale;
        AlarmsOptions options;
        options.language = named;
        run_printing([&] { return run_alarms(session, global, options, noon()); });
        return session.asked<AlarmsRequest>().back().language;
    };
    EXPECT_EQ(asked_in("", ""), "");
    EXPECT_EQ(asked_in("", "fr"), "fr") << "the server's to refuse";
    EXPECT_TRUE(session.asked<StatusRequest>().empty()) << "nobody wants to know which there are";
    EXPECT_EQ(asked_in("de_CH.UTF-8", ""), "de");
    EXPECT_EQ(asked_in("fr_FR.UTF-8", ""), "en");
    EXPECT_EQ(asked_in("de_CH.UTF-8", "en"), "en");
}

TEST_F(CliAlarms, ALanguageThatTheSiteLacksIsToldInTheServersWords) {
    ScriptedSession session([](const AnyRequest&) -> Result<AnyReply> {
        return fail(ErrorCode::invalid_argument, "the site has no texts in \"fr\"; it has en, de");
    });
    AlarmsOptions options;
    options.language = "fr";
    const auto printed = alarms(session, options);
    EXPECT_EQ(printed.code, kRefused);
    EXPECT_EQ(printed.err, "penstock: the site has no texts in \"fr\"; it has en, de\n");
}

TEST_F(CliAlarms, APageWithoutRowsIsNotTheLast) {
    int page = 0;
    ScriptedSession session([&page](const AnyRequest&) -> Result<AnyReply> {
        auto reply = ++page == 3 ? reply_of({high_level()}) : reply_of({});
        reply.next = page == 3 ? 0 : static_cast<std::uint64_t>(100 - page);
        return AnyReply(reply);
    });
    AlarmsOptions options;
    options.history = true;
    const auto printed = alarms(session, options);
    EXPECT_EQ(printed.err, "");
    EXPECT_EQ(session.asked<AlarmsRequest>().size(), 3U);
}

}  // namespace
}  // namespace penstock::cli
