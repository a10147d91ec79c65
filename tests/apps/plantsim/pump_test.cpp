#include "apps/plantsim/plant/pump.hpp"

#include <gtest/gtest.h>

namespace penstock::plantsim {
namespace {

constexpr PumpDesign kDesign{{3.0, 3.75e-5}, 200.0, 48.0, Seconds{5}};
constexpr double kHead_bar = 1.5;

class PumpTest : public ::testing::Test {
protected:
    void run(Seconds time, bool wet = true) {
        for (Seconds passed{0}; passed < time; passed += kStep) pump.step(kHead_bar, wet, kStep);
    }
    Pump pump{kDesign};
};

TEST_F(PumpTest, NeedsItsRampToStartAndToStop) {
    pump.set_auto_command(true, 1.0);
    run(Seconds{2.6});
    EXPECT_GT(pump.speed(), 0.4);
    EXPECT_LT(pump.speed(), 0.6);
    run(Seconds{3});
    EXPECT_DOUBLE_EQ(pump.speed(), 1.0);
    EXPECT_NEAR(pump.flow_m3h(), 200.0, 1.0);
    pump.set_auto_command(false, 1.0);
    run(Seconds{2});
    EXPECT_TRUE(pump.is_running());
    run(Seconds{4});
    EXPECT_FALSE(pump.is_running());
    EXPECT_EQ(pump.flow_m3h(), 0.0);
}

TEST_F(PumpTest, CountsStartsAndHours) {
    for (int i = 0; i < 3; ++i) {
        pump.set_auto_command(true, 1.0);
        run(Seconds{60});
        pump.set_auto_command(false, 1.0);
        run(Seconds{60});
    }
    EXPECT_EQ(pump.starts(), 3U);
    EXPECT_NEAR(pump.run_seconds(), 3 * 65.0, 3.0);
}

TEST_F(PumpTest, DoesNotLiftHigherThanItCan) {
    pump.set_auto_command(true, 1.0);
    for (int i = 0; i < 100; ++i) pump.step(3.5, true, kStep);
    EXPECT_TRUE(pump.is_running());
    EXPECT_EQ(pump.flow_m3h(), 0.0);
}

TEST_F(PumpTest, TripsWhenItRunsDryAndNotBefore) {
    pump.set_auto_command(true, 1.0);
    run(Seconds{60});
    run(Seconds{4}, false);
    EXPECT_FALSE(pump.is_tripped());
    EXPECT_EQ(pump.flow_m3h(), 0.0);
    run(Seconds{2}, false);
    EXPECT_EQ(pump.trip(), Trip::dry_run);
    run(Seconds{6}, false);
    EXPECT_FALSE(pump.is_running());
}

TEST_F(PumpTest, CannotBeResetWhileTheCauseLasts) {
    pump.set_auto_command(true, 1.0);
    run(Seconds{20}, false);
    ASSERT_TRUE(pump.is_tripped());
    pump.reset();
    EXPECT_TRUE(pump.is_tripped());
    run(Seconds{1}, true);
    pump.reset();
    EXPECT_FALSE(pump.is_tripped());
    run(Seconds{6});
    EXPECT_TRUE(pump.is_running()) << "the automatic command still stands";
}

TEST_F(PumpTest, TripsThermallyAndCoolsDownBeforeItCanBeReset) {
    pump.set_auto_command(true, 1.0);
    run(Seconds{60});
    pump.overheat();
    run(Seconds{10});
    EXPECT_EQ(pump.trip(), Trip::thermal);
    EXPECT_FALSE(pump.is_running());
    pump.reset();
    EXPECT_TRUE(pump.is_tripped());
    run(Seconds{300});
    EXPECT_TRUE(pump.is_tripped()) << "it does not reset itself";
    pump.reset();
    EXPECT_FALSE(pump.is_tripped());
}

TEST_F(PumpTest, RunsForeverAtItsRatedLoad) {
    pump.set_auto_command(true, 1.0);
    run(Seconds{3600});
    EXPECT_FALSE(pump.is_tripped());
    EXPECT_NEAR(pump.winding_c(), 85.0, 2.0);
}

TEST_F(PumpTest, StandsStillWhileInterlockedInManualToo) {
    pump.set_auto(false);
    pump.set_manual_start(true);
    pump.set_interlock(true);
    run(Seconds{20});
    EXPECT_FALSE(pump.is_running());
    pump.set_interlock(false);
    run(Seconds{20});
    EXPECT_TRUE(pump.is_running());
}

TEST_F(PumpTest, GoesOnAsItWasWhenTakenToManual) {
    pump.set_auto_command(true, 0.8);
    run(Seconds{20});
    pump.set_auto(false);
    pump.set_auto_command(false, 0.0);
    run(Seconds{20});
    EXPECT_DOUBLE_EQ(pump.speed(), 0.8);
    pump.set_auto(true);
    run(Seconds{20});
    EXPECT_FALSE(pump.is_running());
}

TEST_F(PumpTest, TakesAStartByHandInManualOnly) {
    pump.set_manual_start(true);
    run(Seconds{20});
    EXPECT_FALSE(pump.is_running());
    EXPECT_FALSE(pump.manual_start());
}

TEST_F(PumpTest, IsNotStartedByAResetAfterATripInManual) {
    pump.set_auto(false);
    pump.set_manual_start(true);
    run(Seconds{20});
    pump.overheat();
    run(Seconds{600});
    ASSERT_TRUE(pump.is_tripped());
    pump.reset();
    run(Seconds{20});
    EXPECT_FALSE(pump.is_running());
}

TEST_F(PumpTest, ShowsItsStateInTheStatusWord) {
    run(Seconds{1});
    EXPECT_EQ(pump.status_word(), 0b1'0000'0001) << "ready, automatic";
    pump.set_auto_command(true, 1.0);
    run(Seconds{1});
    EXPECT_EQ(pump.status_word(), 0b1'0000'0111) << "ready, running, starting";
    run(Seconds{10});
    pump.overheat();
    run(Seconds{1});
    EXPECT_EQ(pump.status_word(), 0b1'0011'1010) << "running, stopping, tripped, thermal";
}

}  // namespace
}  // namespace penstock::plantsim
