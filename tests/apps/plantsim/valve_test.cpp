#include "apps/plantsim/plant/valve.hpp"

#include <gtest/gtest.h>

namespace penstock::plantsim {
namespace {

void run(Valve& valve, Seconds time) {
    for (Seconds passed{0}; passed < time; passed += Seconds{0.5}) valve.step(Seconds{0.5});
}

TEST(Valve, NeedsItsTravelTime) {
    Valve valve(Seconds{40}, false);
    valve.command(true);
    run(valve, Seconds{20});
    EXPECT_NEAR(valve.position(), 0.5, 1e-9);
    EXPECT_FALSE(valve.is_open());
    EXPECT_FALSE(valve.is_closed());
    run(valve, Seconds{20});
    EXPECT_TRUE(valve.is_open());
    EXPECT_FALSE(valve.has_travel_fault());
}

TEST(Valve, TurnsRoundOnTheWay) {
    Valve valve(Seconds{40}, true);
    valve.command(false);
    run(valve, Seconds{10});
    valve.command(true);
    run(valve, Seconds{10});
    EXPECT_TRUE(valve.is_open());
}

TEST(Valve, ReportsAFaultWhenItIsStuckAndCommanded) {
    Valve valve(Seconds{40}, true);
    valve.set_stuck(true);
    run(valve, Seconds{100});
    EXPECT_FALSE(valve.has_travel_fault()) << "it is where it was told to be";
    valve.command(false);
    run(valve, Seconds{59});
    EXPECT_FALSE(valve.has_travel_fault());
    run(valve, Seconds{2});
    EXPECT_TRUE(valve.has_travel_fault());
    EXPECT_TRUE(valve.is_open());
}

TEST(Valve, MovesAgainOnceItIsRepaired) {
    Valve valve(Seconds{40}, true);
    valve.set_stuck(true);
    valve.command(false);
    run(valve, Seconds{90});
    valve.set_stuck(false);
    run(valve, Seconds{40.5});
    EXPECT_TRUE(valve.is_closed());
    EXPECT_FALSE(valve.has_travel_fault());
}

}  // namespace
}  // namespace penstock::plantsim
