// Row D12: an hour that happens twice, and years that pass in a moment, as queries see them.

#include <algorithm>

#include "core/base/log.hpp"
#include "tests/core/history/clock/whole_plant.hpp"

namespace penstock::clock_test {
namespace {

constexpr auto kHour = 3600s;

class DoubledHour : public ::testing::TestWithParam<std::string> {
protected:
    DoubledHour() { base::log::set_level(base::log::Level::off); }
    ~DoubledHour() override { base::log::set_level(base::log::Level::info); }

    // A value a minute for an hour.
    static void play_hour(WholePlant& plant, double& value) {
        for (int minute = 0; minute < 60; ++minute) {
            plant.publish("level", {++value});
            plant.cycle();
            plant.clock.advance(60s);
        }
        plant.sync();
    }
    static HistoryRequest hour(UtcTime begin) {
        HistoryRequest request;
        request.from = begin;
        request.to = begin + kHour;
        return request;
    }
};

// The clock is set back by an hour when the hour is over: at each of its times there are two samples. `stored`: what the historian has;
// the rest of the answer comes from the journal.
TEST_P(DoubledHour, D12_AQueryReturnsBothPasses) {
    for (const std::string stored : {"nothing", "the first pass", "both"}) {
        SCOPED_TRACE("stored: " + stored);
        WholePlant plant(GetParam());
        const auto begin = plant.clock.now().utc;
        double value = 0;
        plant.cycle();
        play_hour(plant, value);
        if (stored != "nothing") plant.store();
        plant.clock.set_utc(begin);
        play_hour(plant, value);
        if (stored == "both") plant.store();

        std::vector<Row> wanted;
        for (int minute = 0; minute < 60; ++minute) {
            for (const int pass : {0, 60}) wanted.push_back({to_ns(begin + minute * 60s), 1.0 + minute + pass});
        }
        auto request = hour(begin);
        request.limit = 7;  // pages end between two of one time
        EXPECT_EQ(plant.rows("level", request), wanted);
        request.newest_first = true;
        std::ranges::reverse(wanted);
        EXPECT_EQ(plant.rows("level", request), wanted);

        auto count = hour(begin);
        count.aggregate = Aggregate::count;
        count.interval = kHour;
        EXPECT_EQ(plant.rows("level", count), (std::vector<Row>{{to_ns(begin), 120}}));
        const auto line = plant.trend("level", {.tags = {"level"}, .from = begin, .to = begin + kHour, .columns = 4});
        EXPECT_EQ(line.count, (std::vector<std::uint32_t>{30, 30, 30, 30}));
        EXPECT_EQ(line.minimum, (std::vector<double>{1, 16, 31, 46})) << "of the first pass";
        EXPECT_EQ(line.maximum, (std::vector<double>{75, 90, 105, 120})) << "of the second";
        EXPECT_EQ(plant.clock_events(), 1U);
    }
}

// For a while the plant believes that ten years have passed. What it keeps for a year must not be gone after that.
TEST_P(DoubledHour, D12_TenYearsByMistakeCostNothing) {
    WholePlant plant(GetParam(), kYear);
    const auto begin = plant.clock.now().utc;
    double value = 0;
    plant.cycle();
    play_hour(plant, value);
    plant.store();
    plant.clock.set_utc(begin + kHour + 10 * kYear);
    play_hour(plant, value);
    plant.store();
    EXPECT_EQ(plant.rows("level", hour(begin)).size(), 60U);
    EXPECT_EQ(plant.rows("level", hour(begin + kHour + 10 * kYear)).size(), 60U);
    plant.clock.set_utc(begin + 2 * kHour);
    play_hour(plant, value);
    plant.store();
    EXPECT_EQ(plant.rows("level").size(), 180U);
}

// The control, and the other side of it: a leap that lasts is one, and then old samples go.
TEST_P(DoubledHour, D12_TenYearsThatLastAreTenYears) {
    WholePlant plant(GetParam(), kYear);
    const auto begin = plant.clock.now().utc;
    double value = 0;
    plant.cycle();
    play_hour(plant, value);
    plant.store();
    plant.clock.set_utc(begin + kHour + 10 * kYear);
    plant.store();  // the leap is seen
    for (int hours = 0; hours < 26; ++hours) play_hour(plant, value);
    plant.store();
    EXPECT_TRUE(plant.rows("level", hour(begin)).empty());
    EXPECT_EQ(plant.rows("level").size(), 26U * 60);
}

INSTANTIATE_TEST_SUITE_P(All, DoubledHour, ::testing::Values(PENSTOCK_TEST_HISTORIAN_NAMES),
                         [](const auto& each) { return each.param; });

}  // namespace
}  // namespace penstock::clock_test
