#include "core/guests/scan_schedule.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/guests/backoff.hpp"

namespace penstock::guests {
namespace {

using ::testing::ElementsAre;

MonotonicTime at(Duration time) { return monotonic_from_ns(Duration(time).count()); }

TEST(ScanSchedule, IsEmptyWithoutItems) {
    const std::vector<ScanClass> classes{{"fast", 1s}};
    EXPECT_EQ(ScanSchedule("plc1", classes, {}).next_due(), std::nullopt);
}

TEST(ScanSchedule, MergesClassesThatAreDueInOrderOfItem) {
    const std::vector<ScanClass> classes{{"a", 100ms}, {"b", 200ms}};
    const std::vector<DeviceItem> items{{"", 1, {}}, {"", 0, {}}, {"", 1, {}}, {"", 0, {}}};
    ScanSchedule schedule("plc1", classes, items);
    schedule.restart(at(5s));
    std::vector<ItemId> due;
    EXPECT_EQ(schedule.take_due(at(5s), due), 0U);
    EXPECT_THAT(due, ElementsAre(0, 1, 2, 3));
    EXPECT_GT(*schedule.next_due(), at(5s));
    EXPECT_LE(*schedule.next_due(), at(5100ms));
}

TEST(ScanSchedule, KeepsItemsThatAreToBeReadAgainOnce) {
    const std::vector<ScanClass> classes{{"a", 100ms}};
    const std::vector<DeviceItem> items{{"", 0, {}}, {"", 0, {}}};
    ScanSchedule schedule("plc1", classes, items);
    schedule.restart(at(5s));
    std::vector<ItemId> due{1};
    schedule.take_due(at(5s), due);
    EXPECT_THAT(due, ElementsAre(0, 1));
}

TEST(ScanSchedule, CountsTheTicksThatItSkips) {
    const std::vector<ScanClass> classes{{"a", 100ms}};
    const std::vector<DeviceItem> items{{"", 0, {}}};
    ScanSchedule schedule("plc1", classes, items);
    schedule.restart(at(5s));
    std::vector<ItemId> due;
    schedule.take_due(at(5s), due);
    const auto tick = *schedule.next_due();
    EXPECT_EQ(schedule.take_due(tick + 350ms, due), 3U);
    EXPECT_EQ(*schedule.next_due(), tick + 400ms);
}

TEST(ScanSchedule, MovesPeriodsIntoTheirLimits) {
    const std::vector<ScanClass> classes{{"a", Duration::zero()}};
    const std::vector<DeviceItem> items{{"", 7, {}}};
    ScanSchedule schedule("plc1", classes, items);
    schedule.restart(at(5s));
    std::vector<ItemId> due;
    schedule.take_due(at(5s), due);
    EXPECT_THAT(due, ElementsAre(0)) << "an unknown class is the last one";
    EXPECT_LE(*schedule.next_due() - at(5s), ScanSchedule::kShortestPeriod);
}

TEST(Backoff, DoublesToItsMaximumWithAtLeastHalfOfEachPause) {
    Backoff backoff(200ms, 5s, 42);
    Duration whole = 200ms;
    for (int i = 0; i < 20; ++i) {
        const auto pause = backoff.next();
        EXPECT_GE(pause, whole / 2);
        EXPECT_LE(pause, whole);
        whole = std::min<Duration>(whole * 2, 5s);
    }
    backoff.reset();
    EXPECT_LE(backoff.next(), 200ms);
}

TEST(Backoff, DiffersBetweenDevices) {
    Backoff one(1s, 5s, stable_hash("plc1")), two(1s, 5s, stable_hash("plc2"));
    EXPECT_NE(one.next(), two.next());
}

}  // namespace
}  // namespace penstock::guests
