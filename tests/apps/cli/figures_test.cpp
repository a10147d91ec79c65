// With how many digits a value is shown: exactly where it is taken further, four where an eye follows it.
#include <gtest/gtest.h>

#include "apps/cli/verbs.hpp"
#include "tests/apps/cli/scripted_session.hpp"

namespace penstock::cli {
namespace {

using testing::run_printing;
using testing::ScriptedSession;

constexpr double kLevel = 2.9720845222473145;

ScriptedSession::Answer level() {
    return [](const AnyRequest&) -> Result<AnyReply> {
        ReadItem item;
        item.value.tag = "clear_tank.level";
        item.value.value = kLevel;
        item.value.unit = "m";
        item.value.quality = QualityCode::good;
        ReadReply reply;
        reply.items = {item};
        return AnyReply(reply);
    };
}

// One value, and then the end of the server.
class OneValue final : public ScriptedSession {
public:
    OneValue() : ScriptedSession(level()) {}
    std::size_t poll() override {
        if (++polls_ > 1) {
            streams.back()->handler.on_start(fail(ErrorCode::denied, "that was all"));
            return 1;
        }
        SubscribeReply reply;
        reply.tags = {client::testing::known_tag("clear_tank.level")};
        start(reply);
        update(0, kLevel);
        return FakeSession::poll();
    }

private:
    int polls_ = 0;
};

std::string watched(bool as_json) {
    OneValue session;
    GlobalOptions global;
    global.json = as_json;
    WatchOptions options;
    options.pattern = "clear_tank.level";
    return run_printing([&] { return run_watch(session, global, options); }).out;
}

TEST(CliFigures, WhatIsReadIsExact) {
    ScriptedSession session(level());
    ReadOptions options;
    options.tags = {"clear_tank.level"};
    EXPECT_EQ(run_printing([&] { return run_read(session, {}, options); }).out,
              "clear_tank.level  2.9720845222473145 m  good  -\n");
}

TEST(CliFigures, WhatIsWatchedHasFourDigits) {
    EXPECT_EQ(watched(false), "2023-11-14T22:13:20.000Z  clear_tank.level  2.972 m  good\n");
}

TEST(CliFigures, JsonIsExact) {
    EXPECT_NE(watched(true).find("\"value\":2.9720845222473145"), std::string::npos) << watched(true);
}

}  // namespace
}  // namespace penstock::cli
