#include "apps/plantsim/plant/tank.hpp"

#include <gtest/gtest.h>

namespace penstock::plantsim {
namespace {

TEST(Tank, KeepsWhatIsPutIn) {
    Tank tank(100.0, 5.0, 2.0);
    EXPECT_EQ(tank.add(50.0), 0.0);
    EXPECT_DOUBLE_EQ(tank.level_m(), 2.5);
}

TEST(Tank, RunsOverAtItsRim) {
    Tank tank(100.0, 5.0, 4.5);
    EXPECT_DOUBLE_EQ(tank.add(80.0), 30.0);
    EXPECT_DOUBLE_EQ(tank.level_m(), 5.0);
}

TEST(Tank, GivesNoMoreThanItHolds) {
    Tank tank(100.0, 5.0, 0.1);
    EXPECT_DOUBLE_EQ(tank.take(25.0), 10.0);
    EXPECT_DOUBLE_EQ(tank.volume_m3(), 0.0);
    EXPECT_DOUBLE_EQ(tank.take(1.0), 0.0);
}

}  // namespace
}  // namespace penstock::plantsim
