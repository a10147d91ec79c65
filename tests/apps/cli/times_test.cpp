#include "apps/cli/times.hpp"

#include <gtest/gtest.h>

#include "tests/apps/cli/scripted_session.hpp"

namespace penstock::cli {
namespace {

using testing::noon;

UtcTime parsed(std::string_view text) {
    const auto time = parse_time(text, noon());
    EXPECT_TRUE(time) << text << ": " << time.error().text();
    return time.value_or(UtcTime());
}

TEST(CliTimes, RelativeOnesAreBeforeNow) {
    EXPECT_EQ(parsed("-5m"), noon() - 5min);
    EXPECT_EQ(parsed("-250ms"), noon() - 250ms);
    EXPECT_EQ(parsed("now"), noon());
}

TEST(CliTimes, IsoTimesAreUtcUnlessTheySayAnotherZone) {
    EXPECT_EQ(parsed("2026-03-01T12:00:00Z"), noon());
    EXPECT_EQ(parsed("2026-03-01T12:00"), noon());
    EXPECT_EQ(parsed("2026-03-01 12:00:00"), noon());
    EXPECT_EQ(parsed("2026-03-01"), noon() - 12h);
    EXPECT_EQ(parsed("2026-03-01T14:00:00+02:00"), noon());
    EXPECT_EQ(parsed("2026-03-01T07:30:00-0430"), noon());
}

TEST(CliTimes, FractionsKeepTheirNanoseconds) {
    EXPECT_EQ(parsed("2026-03-01T12:00:00.25Z"), noon() + 250ms);
    EXPECT_EQ(parsed("2026-03-01T12:00:00.000000001Z"), noon() + 1ns);
}

TEST(CliTimes, WhatIsNoTimeIsRefusedWithWhatIsUnderstood) {
    for (const auto* text :
         {"", "yesterday", "5m", "-5", "-m", "2026-02-30", "2026-3-1", "2026-03-01T25:00Z", "2026-03-01T12:61",
          "2026-03-01T12:00:00Zx", "2026-03-01T12:00:00.Z", "12:00", "2026-03-01T-1:00"}) {
        const auto time = parse_time(text, noon());
        ASSERT_FALSE(time) << text;
        EXPECT_EQ(time.error().code(), ErrorCode::invalid_argument) << text;
        EXPECT_NE(time.error().sentence().find("is no time"), std::string::npos) << time.error().sentence();
    }
}

TEST(CliTimes, ARangeIsTheLastHourUnlessSaid) {
    const auto usual = parse_range("", "", noon(), 1h);
    ASSERT_TRUE(usual);
    EXPECT_EQ(usual->from, noon() - 1h);
    EXPECT_EQ(usual->to, noon());
    const auto before = parse_range("", "2026-03-01T06:00Z", noon(), 1h);
    ASSERT_TRUE(before);
    EXPECT_EQ(before->from, noon() - 7h);
}

TEST(CliTimes, ARangeThatIsUpsideDownIsRefused) {
    const auto range = parse_range("-1m", "-5m", noon(), 1h);
    ASSERT_FALSE(range);
    EXPECT_NE(range.error().sentence().find("is not before"), std::string::npos);
}

}  // namespace
}  // namespace penstock::cli
