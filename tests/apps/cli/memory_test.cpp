#include "apps/cli/memory_text.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "apps/cli/verbs.hpp"
#include "tests/apps/cli/scripted_session.hpp"

namespace penstock::cli {
namespace {

using testing::noon;
using testing::run_printing;
using testing::ScriptedSession;

JournalReply healthy() {
    JournalReply reply;
    LaneInfo values;
    values.name = "values";
    values.state = "good";
    values.durable = values.appended = 5'000;
    values.segments = 2;
    values.bytes = 128'000'000;
    values.oldest = noon() - 24h;
    values.durable_until = noon() - 40ms;
    values.group = 50ms;
    reply.lanes = {values};
    ConsumerInfo historian;
    historian.name = "historian.sqlite";
    historian.lane = "values";
    historian.state = "storing";
    historian.position = 4'990;
    historian.lag_records = 10;
    historian.until = noon() - 500ms;
    historian.covers = 48h;
    historian.samples = 1'000'000;
    historian.bytes = 1'250'000;
    historian.bytes_per_value = 1.25;
    reply.consumers = {historian};
    reply.values_per_s = 1'000;
    reply.free_bytes = 108'000'000'000;
    return reply;
}

TEST(CliMemory, StatusSaysHowTheMemoryIs) {
    const auto text = memory_lines(healthy(), noon());
    for (const auto* words :
         {"2026-03-01T11:59:59.960Z", "40 ms ago", "1000 values/s", "128 MB in 2 segments", "10 records behind",
          "outage covered for 2 d", "1.25 bytes a value", "108 GB free", "for 3 years", "108 MB a day"})
        EXPECT_NE(text.find(words), std::string::npos) << words << "\n" << text;
    EXPECT_TRUE(memory_warnings(healthy()).empty());
}

TEST(CliMemory, WithoutARateThereIsNoForecast) {
    auto reply = healthy();
    reply.values_per_s = 0;
    const auto text = memory_lines(reply, noon());
    EXPECT_NE(text.find("108 GB free"), std::string::npos);
    EXPECT_EQ(text.find("lasts"), std::string::npos);
}

TEST(CliMemory, AFullDiskIsWarnedOf) {
    auto reply = healthy();
    reply.lanes[0].state = "disk_full";
    reply.lanes[0].sentence = "no room";
    reply.lanes[0].records_lost = 3;
    const auto warnings = memory_warnings(reply);
    ASSERT_EQ(warnings.size(), 2U);
    EXPECT_EQ(warnings[0], "journal values: disk_full: no room");
    EXPECT_EQ(warnings[1], "journal values: 3 records are lost");
}

TEST(CliMemory, StatusWorksOnAServerWithoutAMemory) {
    ScriptedSession session([](const AnyRequest& request) -> Result<AnyReply> {
        if (std::holds_alternative<StatusRequest>(request)) return AnyReply(StatusReply{});
        return fail(ErrorCode::unsupported, "this plant has no memory");
    });
    GlobalOptions global;
    global.json = true;
    const auto printed = run_printing([&] { return run_status(session, global); });
    EXPECT_EQ(printed.code, kDone);
    EXPECT_TRUE(nlohmann::json::parse(printed.out)["memory"].is_null());
}

TEST(CliMemory, VerifyThatFindsSomethingIsFoundFaulty) {
    for (const bool verify : {false, true}) {
        ScriptedSession session([](const AnyRequest&) -> Result<AnyReply> {
            auto reply = healthy();
            reply.findings = {"values/00000000000000000000.seg: record 4711 at byte 1040: checksum"};
            return AnyReply(reply);
        });
        JournalOptions options;
        options.verify = verify;
        const auto printed = run_printing([&] { return run_journal(session, {}, options); });
        EXPECT_EQ(printed.code, verify ? kRefused : kDone);
        EXPECT_NE(printed.out.find("record 4711"), std::string::npos);
        EXPECT_EQ(session.asked<JournalRequest>().at(0).verify, verify);
    }
}

TEST(CliMemory, BytesAreShort) {
    EXPECT_EQ(bytes_text(0), "0 B");
    EXPECT_EQ(bytes_text(812), "812 B");
    EXPECT_EQ(bytes_text(4'321'000), "4.3 MB");
    EXPECT_EQ(bytes_text(999'999), "1.0 MB");
}

TEST(CliBackup, ARelativeNameIsMeantFromHere) {
    ScriptedSession session([](const AnyRequest& request) -> Result<AnyReply> {
        BackupReply reply;
        reply.file = std::get<BackupRequest>(request).file;
        reply.bytes = 1'500'000;
        reply.until = noon();
        return AnyReply(reply);
    });
    const auto printed = run_printing([&] { return run_backup(session, {}, {"plant.tar"}); });
    EXPECT_TRUE(session.asked<BackupRequest>().at(0).file.starts_with('/'));
    EXPECT_NE(printed.out.find("/plant.tar: 1.5 MB, holds everything that was durable at 2026-03-01T12:00:00.000Z"),
              std::string::npos)
        << printed.out;
}

}  // namespace
}  // namespace penstock::cli
