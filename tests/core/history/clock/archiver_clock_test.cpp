// The archiver when the wall clock is set back: no rule waits until the old time comes again.

#include <gtest/gtest.h>

#include "tests/core/history/archive_plant.hpp"

namespace penstock::history_test {
namespace {

constexpr std::int64_t kHourMs = 3'600'000;

// `ms` after the start, on a wall clock that was set by `set_ms`.
Now at(std::int64_t ms, std::int64_t set_ms) {
    return {utc_from_ns(kStart + (ms + set_ms) * kMs), ArchivePlant::at(ms).monotonic};
}

TEST(ArchiverClock, KeepsWhatWaitedForTheEndOfItsInterval) {
    ArchivePlant plant({{.rule = on_change(0, 1s)}, {.rule = cyclic(1s)}});
    for (const tags::TagId tag : {0U, 1U}) {
        plant.sample(0, 1, tag);
        plant.sample(100, 2, tag);
    }
    plant.gather(150);
    plant.archiver->gather(at(200, -kHourMs));
    EXPECT_EQ(plant.shown(0), "0=1, 100=2");
    EXPECT_EQ(plant.shown(1), "0=1, 100=2");
}

TEST(ArchiverClock, CountsTheMaximumIntervalAnew) {
    ArchivePlant plant({{.rule = on_change(0, {}, 5s)}});
    plant.sample(0, 1);
    plant.gather(10);
    plant.archiver->gather(at(20, -kHourMs));
    plant.sample(30 - kHourMs, 1);
    plant.sample(5'020 - kHourMs, 1);
    plant.archiver->gather(at(5'030, -kHourMs));
    EXPECT_EQ(plant.shown(), "0=1, -3594980=1");
}

TEST(ArchiverClock, AGapBeginsWhereTheClockIsNow) {
    ArchivePlant plant({{.rule = on_change()}});
    plant.sample(0, 1);
    plant.gather(10);
    plant.archiver->gather(at(20, -kHourMs));
    plant.sample(100 - kHourMs, 2);
    plant.bad(200 - kHourMs, "no answer");
    plant.archiver->gather(at(300, -kHourMs));
    EXPECT_EQ(plant.shown(), "0=1, -3599900=2, -3599800=bad no answer");
}

TEST(ArchiverClock, AfterARestartTheGapBeginsNoLaterThanNow) {
    ArchivePlant plant({{.rule = on_change()}});
    plant.sample(0, 1);
    plant.gather(10);
    plant.restart();
    const auto none = [](tags::TagId) { return std::int64_t{0}; };
    plant.archiver->start(utc_from_ns(kStart), none, at(1'000, -kHourMs));
    plant.archiver->gather(at(1'010, -kHourMs));
    EXPECT_EQ(plant.shown(), "0=1, -3599000=bad the server was not running");
}

}  // namespace
}  // namespace penstock::history_test
