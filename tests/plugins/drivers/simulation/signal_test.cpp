#include "plugins/drivers/simulation/signal.hpp"

#include <gtest/gtest.h>

namespace penstock::simulation {
namespace {

double at(std::string_view address, double seconds) {
    const auto signal = parse_signal(address);
    EXPECT_TRUE(signal.has_value()) << signal.error().text();
    return signal->at(utc_from_ns(static_cast<std::int64_t>(seconds * 1e9)));
}

TEST(Signal, SineStartsInTheMiddleAndRisesFirst) {
    constexpr auto address = "sine:period=10s,low=0,high=100";
    EXPECT_NEAR(at(address, 0), 50, 1e-9);
    EXPECT_NEAR(at(address, 2.5), 100, 1e-9);
    EXPECT_NEAR(at(address, 7.5), 0, 1e-9);
    EXPECT_NEAR(at(address, 10), 50, 1e-9);
    EXPECT_NEAR(at("sine:period=10s,low=0,high=100,phase=0.25", 0), 100, 1e-9);
}

TEST(Signal, RampRisesAndStartsAgain) {
    constexpr auto address = "ramp:period=10s,low=-1,high=1";
    EXPECT_DOUBLE_EQ(at(address, 0), -1);
    EXPECT_DOUBLE_EQ(at(address, 5), 0);
    EXPECT_DOUBLE_EQ(at(address, 20), -1);
}

TEST(Signal, StepIsHighForItsShareOfThePeriod) {
    constexpr auto address = "step:period=10s,low=2,high=3,duty=0.2";
    EXPECT_EQ(at(address, 0), 3);
    EXPECT_EQ(at(address, 1.9), 3);
    EXPECT_EQ(at(address, 2), 2);
    EXPECT_EQ(at(address, 9.9), 2);
}

TEST(Signal, WalkIsTheSameAtAnyRateOfPolling) {
    const auto signal = parse_signal("random_walk:every=1s,step=1,low=0,high=10").value();
    Walk often(7), seldom(7);
    double last = 0;
    for (std::uint64_t step = 0; step <= 1000; ++step) last = often.advance(signal, step);
    EXPECT_EQ(seldom.advance(signal, 1000), last);
}

TEST(Signal, WalkStaysInItsRangeAndMoves) {
    const auto signal = parse_signal("random_walk:every=1s,step=5,low=0,high=10").value();
    Walk walk(1);
    double lowest = 10, highest = 0;
    for (std::uint64_t step = 0; step < 10'000; ++step) {
        const auto value = walk.advance(signal, step);
        lowest = std::min(lowest, value);
        highest = std::max(highest, value);
    }
    EXPECT_EQ(lowest, 0);
    EXPECT_EQ(highest, 10);
}

TEST(Signal, WalksDifferBySeed) {
    const auto signal = parse_signal("random_walk:every=1s,step=1,low=0,high=10").value();
    EXPECT_NE(Walk(1).advance(signal, 5), Walk(2).advance(signal, 5));
}

TEST(Signal, SaysWhichParametersThereAre) {
    EXPECT_EQ(parse_signal("sine:perod=1s").error().text(),
              "found \"perod\", wanted one of: period low high phase type as in key=value");
}

}  // namespace
}  // namespace penstock::simulation
