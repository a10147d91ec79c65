#include "core/history/consuming/retention_clock.hpp"

#include <gtest/gtest.h>

namespace penstock::history::consuming {
namespace {

constexpr auto kDay = 24h;
constexpr auto kYear = 365 * kDay;
const Now kBegin{utc_from_ns(1'700'000'000'000'000'000), monotonic_from_ns(5'000'000'000)};

Now after(Duration monotonic, Duration set = {}) { return {kBegin.utc + monotonic + set, kBegin.monotonic + monotonic}; }

TEST(RetentionClock, IsTheWallClockAsLongAsThatGoesOn) {
    RetentionClock clock(kBegin.utc - 20h);
    for (const Duration at : {Duration{}, Duration(10s), Duration(kDay), Duration(kYear)}) {
        EXPECT_EQ(clock.look(after(at)), kBegin.utc + at);
    }
    EXPECT_EQ(clock.look(after(kYear + 10s, 50min)), kBegin.utc + kYear + 10s + 50min);
}

TEST(RetentionClock, BelievesALeapOnlyAfterADay) {
    RetentionClock clock(kBegin.utc);
    EXPECT_EQ(clock.look(kBegin), kBegin.utc);
    EXPECT_EQ(clock.look(after(10s, 10 * kYear)), kBegin.utc + 10s);
    EXPECT_EQ(clock.look(after(23h, 10 * kYear)), kBegin.utc + 23h);
    EXPECT_EQ(clock.look(after(25h, 10 * kYear)), kBegin.utc + 25h + 10 * kYear);
}

TEST(RetentionClock, ForgetsALeapThatIsTakenBack) {
    RetentionClock clock(kBegin.utc);
    EXPECT_EQ(clock.look(kBegin), kBegin.utc);
    EXPECT_EQ(clock.look(after(10s, 10 * kYear)), kBegin.utc + 10s);
    EXPECT_EQ(clock.look(after(20h)), kBegin.utc + 20h);
    EXPECT_EQ(clock.look(after(48h)), kBegin.utc + 48h);
}

TEST(RetentionClock, BelievesAStepBackAtOnce) {
    RetentionClock clock(kBegin.utc);
    EXPECT_EQ(clock.look(kBegin), kBegin.utc);
    EXPECT_EQ(clock.look(after(10s, -kYear)), kBegin.utc + 10s - kYear);
}

TEST(RetentionClock, DoubtsAStartLongAfterTheLastRecord) {
    RetentionClock clock(kBegin.utc - kYear);
    EXPECT_EQ(clock.look(kBegin), kBegin.utc - kYear);
    EXPECT_EQ(clock.look(after(20h)), kBegin.utc - kYear + 20h);
    EXPECT_EQ(clock.look(after(25h)), kBegin.utc + 25h);
}

TEST(RetentionClock, HasNoDoubtWhereThereIsNoRecord) {
    RetentionClock clock(UtcTime{});
    EXPECT_EQ(clock.look(kBegin), kBegin.utc);
}

TEST(RetentionClock, IsNoOverflowAtTheEndsOfTime) {
    RetentionClock clock(utc_from_ns(INT64_MIN));
    EXPECT_EQ(clock.look({utc_from_ns(INT64_MAX), monotonic_from_ns(0)}), utc_from_ns(INT64_MIN));
    EXPECT_EQ(clock.look({utc_from_ns(INT64_MIN), monotonic_from_ns(1)}), utc_from_ns(INT64_MIN));
}

}  // namespace
}  // namespace penstock::history::consuming
