// Row D5: kill -9 while records are appended; another process has noted what was acknowledged.

#include <csignal>
#include <cstdint>
#include <cstdlib>
#include <random>
#include <string>

#include <gtest/gtest.h>

#include "core/base/file_system.hpp"
#include "core/journal/lane.hpp"
#include "tests/core/journal/lane_fixture.hpp"
#include "tests/support/fault_row.hpp"
#include "tests/support/program.hpp"

namespace penstock::journal {
namespace {

using penstock::testing::Program;
using penstock::testing::ScratchFolder;
using penstock::testing::Seconds;

// The last whole line "durable N".
Position last_acknowledged(const std::string& output) {
    const auto end = output.rfind('\n');
    if (end == std::string::npos) return 0;
    const auto start = output.rfind("durable ", end);
    return start == std::string::npos ? 0 : std::stoull(output.substr(start + 8));
}

// What a kill alone cannot show is in row D6.
TEST(JournalKill, D5_NothingAcknowledgedIsLost) {
    const ScratchFolder folder;
    const auto lane_folder = folder / "events";
    const std::uint64_t rounds = penstock::testing::is_nightly() ? 1'000 : 20;
    std::mt19937_64 random(5);
    Position acknowledged = 0;
    for (std::uint64_t round = 0; round < rounds; ++round) {
        Program appender({PENSTOCK_JOURNAL_APPENDER, lane_folder});
        ASSERT_NE(appender.wait_for_line("open "), "");
        for (auto groups = 1 + random() % 30; groups > 0; --groups) ASSERT_NE(appender.wait_for_line("durable "), "");
        appender.signal(SIGKILL);
        EXPECT_EQ(appender.wait(), 128 + SIGKILL);
        while (appender.poll_line("durable ", Seconds(0)) != "") {
        }
        const auto last = last_acknowledged(appender.output());
        EXPECT_GE(last, acknowledged);
        acknowledged = last;
        const auto lane = open_lane(base::real_file_system(), small_lane(lane_folder));
        ASSERT_GE(lane->recovery().end, acknowledged);
        for (const auto& finding : lane->recovery().findings)
            EXPECT_NE(finding.find("interrupted"), std::string::npos) << finding;
        EXPECT_EQ(expect_records(*lane, lane->first()), lane->durable() - lane->first());
    }
    penstock::testing::report_row("D5", rounds, "kills of an appending process, 0 acknowledged records lost");
}

}  // namespace
}  // namespace penstock::journal
