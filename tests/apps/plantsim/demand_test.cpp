#include "apps/plantsim/plant/demand.hpp"

#include <gtest/gtest.h>

namespace penstock::plantsim {
namespace {

double factor_at(double hour) { return Demand::daily_factor(Seconds{hour * 3600.0}); }

TEST(Demand, HasAMorningAndAnEveningPeak) {
    EXPECT_GT(factor_at(7.5), 1.4);
    EXPECT_GT(factor_at(19.0), 1.4);
    EXPECT_LT(factor_at(14.5), 1.1);
    EXPECT_LT(factor_at(3.0), 0.5);
}

TEST(Demand, AveragesToItsMeanOverADay) {
    double sum = 0.0;
    for (int minute = 0; minute < 1440; ++minute) sum += Demand::daily_factor(Seconds{60.0 * minute});
    EXPECT_NEAR(sum / 1440.0, 1.0, 1e-9);
}

TEST(Demand, RunsOnOverMidnightWithoutAJump) {
    EXPECT_NEAR(factor_at(23.999), factor_at(24.001), 0.01);
    EXPECT_DOUBLE_EQ(factor_at(31.0), factor_at(7.0));
    EXPECT_DOUBLE_EQ(factor_at(-1.0), factor_at(23.0));
}

TEST(Demand, WandersByAFewPercent) {
    Random random(7);
    Demand demand(300.0);
    double lowest = 1e9;
    double highest = 0.0;
    for (int i = 0; i < 100'000; ++i) {
        demand.step(Seconds{7 * 3600.0}, kStep, random);
        lowest = std::min(lowest, demand.flow_m3h());
        highest = std::max(highest, demand.flow_m3h());
    }
    const double usual = 300.0 * factor_at(7.0);
    EXPECT_GT(lowest, 0.8 * usual);
    EXPECT_LT(highest, 1.2 * usual);
    EXPECT_GT(highest - lowest, 0.02 * usual);
}

}  // namespace
}  // namespace penstock::plantsim
