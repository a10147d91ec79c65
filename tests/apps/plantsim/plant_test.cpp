#include "apps/plantsim/plant/plant.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

namespace penstock::plantsim {
namespace {

constexpr Seconds kHour{3600};

std::string apply(Plant& plant, const std::string& fault) { return plant.apply(parse_fault(fault).value()); }

// What intake, all outflows and the change of the store leave over, as a share of the throughput.
double balance_error(const Plant& plant, double stored_before_m3) {
    const Totals& t = plant.works().totals;
    const double out_m3 = t.consumed_m3 + t.leaked_m3 + t.wasted_m3 + t.overflow_m3;
    const double change_m3 = plant.works().stored_m3() - stored_before_m3;
    return std::abs(t.intake_m3 - out_m3 - change_m3) / std::max(t.intake_m3, out_m3);
}

// The same between the meters of the works, as anybody can read it there: the bound is the one that is asked for.
double metered_error(const Plant& plant, double tanks_before_m3) {
    const Totals& t = plant.works().totals;
    const double change_m3 = plant.works().tanks_m3() - tanks_before_m3;
    return std::abs(t.intake_m3 - t.delivered_m3 - t.wasted_m3 - t.overflow_m3 - change_m3) / t.intake_m3;
}

class WaterBalance : public ::testing::TestWithParam<const char*> {};

// The bound that is asked for is 0.1 %; the model keeps every drop, so the bound here is rounding alone.
TEST_P(WaterBalance, HoldsOverADay) {
    Plant plant(3);
    const double before_m3 = plant.works().stored_m3();
    const double tanks_before_m3 = plant.works().tanks_m3();
    plant.run(2.0 * kHour);
    if (*GetParam() != '\0') {
        EXPECT_NE(apply(plant, GetParam()), "");
    }
    plant.run(22.0 * kHour);
    EXPECT_GT(plant.works().totals.intake_m3, 1000.0);
    EXPECT_LT(balance_error(plant, before_m3), 1e-9);
    EXPECT_LT(metered_error(plant, tanks_before_m3), 1e-9);
}

INSTANTIATE_TEST_SUITE_P(Faults, WaterBalance,
                         ::testing::Values("", "leak", "leak=400", "trip", "trip=intake_pump_1", "stuck=filter_2",
                                           "drift=clear_tank.level:0.5", "drift=raw_tank.level:-1"));

TEST(Plant, CountsALeakAsAnOutflow) {
    Plant plant(3);
    apply(plant, "leak=100");
    plant.run(5.0 * kHour);
    EXPECT_NEAR(plant.works().totals.leaked_m3, 500.0, 25.0);
}

TEST(Plant, IsTheSameForTheSameSeed) {
    Plant one(42);
    Plant two(42);
    Plant other(43);
    for (Plant* plant : {&one, &two, &other}) plant->run(3.0 * kHour);
    EXPECT_EQ(one.works().sensors.pressure.value(), two.works().sensors.pressure.value());
    EXPECT_EQ(one.works().totals.intake_m3, two.works().totals.intake_m3);
    EXPECT_EQ(one.works().chlorine.concentration_mg_l(1.0), two.works().chlorine.concentration_mg_l(1.0));
    EXPECT_NE(one.works().sensors.pressure.value(), other.works().sensors.pressure.value());
}

TEST(Plant, HoldsPressureLevelAndResidualThroughADay) {
    Plant plant(5);
    plant.run(0.5 * kHour);
    for (int minute = 0; minute < 1440; ++minute) {
        plant.run(Seconds{60});
        const Works& w = plant.works();
        ASSERT_NEAR(w.network.pressure_bar(), 5.0, 0.6) << minute;
        ASSERT_GT(w.raw_tank.level_m(), 1.5) << minute;
        ASSERT_GT(w.clear_tank.level_m(), 1.5) << minute;
        ASSERT_NEAR(w.sensors.residual.value(), 0.5, 0.12) << minute;
    }
    EXPECT_EQ(plant.works().totals.overflow_m3, 0.0);
}

TEST(Plant, WashesAFilterEveryFewHoursAndRotatesItsPumps) {
    Plant plant(5);
    plant.run(24.0 * kHour);
    std::uint32_t washes = 0;
    for (const Filter& filter : plant.works().filtration.filters()) washes += filter.washes();
    EXPECT_GE(washes, 6U);
    EXPECT_LE(washes, 16U);
    for (const Pump& pump : plant.works().intake_pumps) EXPECT_GE(pump.starts(), 2U);
    for (const Pump& pump : plant.works().pressure_pumps) EXPECT_GE(pump.starts(), 1U);
}

TEST(Plant, ReplacesATrippedPressurePumpAndKeepsThePressure) {
    Plant plant(5);
    plant.run(kHour);
    EXPECT_EQ(apply(plant, "trip=pressure_pump_1"), "pressure_pump_1 overheats and trips");
    plant.run(Seconds{120});
    EXPECT_EQ(plant.works().pressure_pumps[0].trip(), Trip::thermal);
    EXPECT_NEAR(plant.works().network.pressure_bar(), 5.0, 0.3);
    plant.run(Seconds{300});
    plant.reset_trips();
    EXPECT_FALSE(plant.works().pressure_pumps[0].is_tripped());
}

TEST(Plant, StopsTheIntakeAtTheHighLevelSwitchInManualToo) {
    Plant plant(5);
    plant.works().controls.filtration_enabled = false;
    for (Pump& pump : plant.works().intake_pumps) {
        pump.set_auto(false);
        pump.set_manual_start(true);
    }
    plant.run(4.0 * kHour);
    EXPECT_TRUE(plant.works().switches.raw_high_high.is_active());
    EXPECT_LT(plant.works().raw_tank.level_m(), 4.75);
    EXPECT_EQ(plant.works().totals.overflow_m3, 0.0);
    for (const Pump& pump : plant.works().intake_pumps) EXPECT_FALSE(pump.is_running());
}

TEST(Plant, StopsThePressurePumpsBeforeTheyRunDry) {
    Plant plant(5);
    plant.works().controls.intake_enabled = false;
    plant.run(12.0 * kHour);
    EXPECT_GT(plant.works().clear_tank.level_m(), 0.5);
    EXPECT_NEAR(plant.works().network.pressure_bar(), 0.0, 0.2);
    for (const Pump& pump : plant.works().pressure_pumps) {
        EXPECT_TRUE(pump.is_interlocked());
        EXPECT_FALSE(pump.is_tripped());
    }
    plant.works().controls.intake_enabled = true;
    plant.run(6.0 * kHour);
    EXPECT_GT(plant.works().network.pressure_bar(), 4.0) << "it comes back by itself";
}

// The interlock believes the level transmitter; the protection of the pump does not.
TEST(Plant, TripsThePressurePumpsWhenADriftingSensorHidesTheEmptyTank) {
    Plant plant(5);
    plant.works().controls.intake_enabled = false;
    apply(plant, "drift=clear_tank.level:1");
    plant.run(12.0 * kHour);
    EXPECT_GT(plant.works().sensors.clear_level.value(), 2.0);
    EXPECT_TRUE(plant.works().switches.clear_low_low.is_active());
    EXPECT_TRUE(std::ranges::any_of(plant.works().pressure_pumps, [](const Pump& p) { return p.trip() == Trip::dry_run; }));
}

TEST(Plant, FollowsItsSetpoints) {
    Plant plant(5);
    plant.works().controls.pressure_bar = 4.2;
    plant.run(kHour);
    EXPECT_NEAR(plant.works().network.pressure_bar(), 4.2, 0.2);
    plant.works().dosing.set_residual_setpoint_mg_l(0.8);
    plant.run(20.0 * kHour);
    EXPECT_NEAR(plant.works().sensors.residual.value(), 0.8, 0.12);
}

TEST(Plant, DosesNothingIntoStandingWater) {
    Plant plant(5);
    plant.works().dosing.set_auto(false);
    plant.works().dosing.set_manual_rate_l_h(3.0);
    plant.run(Seconds{60});
    EXPECT_DOUBLE_EQ(plant.works().dosing.rate_l_h(), 3.0);
    plant.works().controls.filtration_enabled = false;
    plant.run(Seconds{60});
    EXPECT_EQ(plant.works().dosing.rate_l_h(), 0.0);
}

TEST(Plant, ShowsALeakAsMoreFlowAndRepairsIt) {
    Plant plant(5);
    Plant tight(5);
    for (Plant* p : {&plant, &tight}) p->run(kHour);
    apply(plant, "leak=80");
    for (Plant* p : {&plant, &tight}) p->run(Seconds{600});
    EXPECT_NEAR(plant.works().sensors.network_flow.value() - tight.works().sensors.network_flow.value(), 80.0, 12.0);
    EXPECT_EQ(plant.active_faults_text(), "leak");
    plant.clear(FaultKind::leak);
    for (Plant* p : {&plant, &tight}) p->run(Seconds{600});
    EXPECT_NEAR(plant.works().sensors.network_flow.value(), tight.works().sensors.network_flow.value(), 10.0);
    EXPECT_EQ(plant.active_faults_text(), "");
}

TEST(Plant, HasSmallMeasurementNoise) {
    Plant plant(5);
    for (int i = 0; i < 10'000; ++i) {
        plant.step();
        ASSERT_NEAR(plant.works().sensors.clear_level.value(), plant.works().clear_tank.level_m(), 0.01);
        ASSERT_NEAR(plant.works().sensors.pressure.value(), plant.works().network.pressure_bar(), 0.02);
    }
}

}  // namespace
}  // namespace penstock::plantsim
