#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "apps/cli/verbs.hpp"
#include "tests/apps/cli/scripted_session.hpp"

namespace penstock::cli {
namespace {

using nlohmann::json;
using testing::Printed;
using testing::run_printing;
using testing::ScriptedSession;

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

}  // namespace
}  // namespace penstock::cli
