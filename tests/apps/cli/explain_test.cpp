#include <gtest/gtest.h>

#include "apps/cli/verbs.hpp"
#include "tests/apps/cli/sample_alarms.hpp"
#include "tests/apps/cli/scripted_session.hpp"

namespace penstock::cli {
namespace {

using testing::high_level;
using testing::Printed;
using testing::run_printing;
using testing::ScriptedSession;

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
    ExplainOptions options;
    options.name = "tank.high";
    options.language = "de";
    const auto printed = run_printing([&] { return run_explain(session, {}, options); });
    EXPECT_EQ(printed.code, kDone);
    for (const auto* line : {"alarm            clear_tank.level.high\n", "state            unacknowledged since 12:03:17\n",
                             "high             4.5 m, from the tag tank.high_limit\n", "suppressed if    pump_1 is off\n",
                             "response         Close the inlet\n", "time to respond  10 min\n"})
        EXPECT_NE(printed.out.find(line), std::string::npos) << line << printed.out;
    EXPECT_EQ(session.asked<ExplainAlarmRequest>().at(0).alarm, "tank.high");
    EXPECT_EQ(session.asked<ExplainAlarmRequest>().at(0).language, "de");
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
