#include <set>

#include <gtest/gtest.h>

#include "apps/cli/verbs.hpp"
#include "tests/apps/cli/scripted_session.hpp"

namespace penstock::cli {
namespace {

using testing::Printed;
using testing::run_printing;
using testing::ScriptedSession;

Result<AnyReply> done() {
    WriteItem item;
    item.tag = "pump.speed";
    item.outcome = WriteResult::done;
    WriteReply reply;
    reply.items.push_back(item);
    return AnyReply(reply);
}

Printed write(ScriptedSession& session) {
    WriteOptions options;
    options.tag = "pump.speed";
    options.value = "12";
    return run_printing([&] { return run_write(session, {}, options); });
}

TEST(CliWrite, EveryWriteHasANumberOfItsOwn) {
    std::set<std::uint64_t> numbers{0};
    for (std::size_t i = 1; i <= 3; ++i) {
        ScriptedSession session([](const AnyRequest&) { return done(); });
        EXPECT_EQ(write(session).code, kDone);
        numbers.insert(session.asked<WriteTagsRequest>().at(0).command);
        EXPECT_EQ(numbers.size(), i + 1);
    }
}

TEST(CliWrite, AfterACutItAsksAgainUnderTheSameNumber) {
    int asked = 0;
    ScriptedSession session([&](const AnyRequest&) -> Result<AnyReply> {
        if (++asked < 3) return fail(ErrorCode::unknown_outcome, "the connection was lost");
        return done();
    });
    const auto printed = write(session);
    EXPECT_EQ(printed.code, kDone);
    EXPECT_EQ(printed.out, "pump.speed: done\n");
    EXPECT_EQ(printed.err, "");
    const auto requests = session.asked<WriteTagsRequest>();
    ASSERT_EQ(requests.size(), 3U);
    EXPECT_EQ(requests[0].command, requests[1].command);
    EXPECT_EQ(requests[0].command, requests[2].command);
}

TEST(CliWrite, WhatIsRefusedIsNotAskedAgain) {
    ScriptedSession session([](const AnyRequest&) -> Result<AnyReply> { return fail(ErrorCode::denied, "you may not"); });
    EXPECT_EQ(write(session).code, kRefused);
    EXPECT_EQ(session.asked<WriteTagsRequest>().size(), 1U);
}

}  // namespace
}  // namespace penstock::cli
