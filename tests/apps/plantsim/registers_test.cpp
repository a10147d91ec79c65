#include "apps/plantsim/registers.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <set>

#include "apps/plantsim/map_text.hpp"
#include "apps/plantsim/point_table.hpp"

namespace penstock::plantsim {
namespace {

const Point& point(std::string_view name) {
    const auto table = point_table();
    const auto found = std::ranges::find(table, name, &Point::name);
    if (found == table.end()) throw std::invalid_argument("no point " + std::string(name));
    return *found;
}

using Words = std::vector<std::uint16_t>;

TEST(PointTable, GivesEveryPointANameAndAMeaning) {
    std::set<std::string> names;
    for (const Point& p : point_table()) {
        EXPECT_TRUE(names.insert(p.name).second) << p.name << " is there twice";
        EXPECT_NE(p.get, nullptr) << p.name;
        EXPECT_FALSE(p.description.empty()) << p.name;
        EXPECT_TRUE(p.area.starts_with("works")) << p.name;
        EXPECT_LT(p.low, p.high) << p.name;
        EXPECT_LT(p.raw_low, p.raw_high) << p.name;
    }
    EXPECT_GE(names.size(), 80U);
}

TEST(PointTable, LetsNoTwoPointsShareABit) {
    std::set<std::tuple<PointKind, int, int>> taken;
    for (const Point& p : point_table()) {
        // A status word may be read as a whole and bit by bit.
        if (p.name.ends_with(".status")) continue;
        for (int i = 0; i < p.width(); ++i) {
            EXPECT_TRUE(taken.insert({p.kind, p.address + i, p.bit}).second) << p.name << " " << p.address_text();
        }
    }
}

TEST(PointTable, LetsNobodyWriteInputs) {
    for (const Point& p : point_table()) {
        const bool is_input = p.kind == PointKind::input || p.kind == PointKind::discrete;
        EXPECT_EQ(p.is_writable(), !is_input) << p.name;
    }
}

TEST(Encoding, PutsAnalogValuesOn27648Steps) {
    const Point& level = point("raw_tank.level");
    EXPECT_EQ(encode(level, 0.0), Words{0});
    EXPECT_EQ(encode(level, 2.5), Words{13824});
    EXPECT_EQ(encode(level, 5.0), Words{27648});
    EXPECT_NEAR(decode(level, Words{13824}), 2.5, 1e-12);
}

TEST(Encoding, PutsFloatsInTwoRegistersUpperFirst) {
    const Point& level = point("clear_tank.level");
    EXPECT_EQ(encode(level, 3.5), (Words{0x4060, 0x0000}));
    EXPECT_EQ(decode(level, Words{0x4060, 0x0000}), 3.5);
}

TEST(Encoding, PutsTheAnalysersFloatsLowerFirst) {
    const Point& residual = point("dosing.residual");
    EXPECT_EQ(residual.address_text(), "input:110:float32:cdab");
    EXPECT_EQ(encode(residual, 0.1), (Words{0xCCCD, 0x3DCC}));
    EXPECT_NEAR(decode(residual, Words{0xCCCD, 0x3DCC}), 0.1, 1e-8);
}

TEST(Encoding, CountsHundredthsInTwoRegisters) {
    const Point& total = point("intake.total");
    EXPECT_EQ(encode(total, 1000.0), (Words{1, 34464}));
    EXPECT_NEAR(decode(total, Words{1, 34464}), 1000.0, 1e-6);
}

TEST(Encoding, KnowsNegativeTemperatures) {
    const Point& temperature = point("clear_tank.temperature");
    EXPECT_EQ(encode(temperature, -1.5), Words{0xFF6A});
    EXPECT_NEAR(decode(temperature, Words{0xFF6A}), -1.5, 1e-12);
}

TEST(Encoding, ClampsToTheRangeAndMakesNaNTheLowerEnd) {
    const Point& level = point("raw_tank.level");
    EXPECT_EQ(encode(level, 9.0), Words{27648});
    EXPECT_EQ(encode(level, -9.0), Words{0});
    EXPECT_EQ(encode(level, std::numeric_limits<double>::quiet_NaN()), Words{0});
}

TEST(Encoding, ComesBackForEveryPoint) {
    for (const Point& p : point_table()) {
        const double middle = p.type == "bool" ? 1.0 : p.low + 0.3 * (p.high - p.low);
        const double resolution =
            p.raw == RawType::float32 ? 1e-6 * (p.high - p.low) : (p.high - p.low) / (p.raw_high - p.raw_low);
        EXPECT_NEAR(decode(p, encode(p, middle)), middle, resolution) << p.name;
    }
}

class RegistersTest : public ::testing::Test {
protected:
    RegistersTest() { registers.refresh(simulation); }
    WriteVerdict write(PointKind kind, int address, Words words) {
        const WriteRequest request{kind, address, std::move(words)};
        const WriteVerdict verdict = registers.judge(request);
        if (verdict == WriteVerdict::accepted) registers.apply(request, simulation);
        registers.refresh(simulation);
        return verdict;
    }
    Simulation simulation{Plant(1)};
    Registers registers;
};

TEST_F(RegistersTest, ShowThePlant) {
    simulation.plant.run(Seconds{100});
    registers.refresh(simulation);
    const auto& inputs = registers.inputs();
    EXPECT_EQ(inputs[1], 100) << "plant.elapsed, lower register";
    EXPECT_NEAR(decode(point("clear_tank.level"), std::span(inputs).subspan(100, 2)),
                simulation.plant.works().sensors.clear_level.value(), 1e-6);
    EXPECT_EQ(registers.coils()[0], 1) << "intake_pump_1.auto";
    EXPECT_EQ(registers.holdings()[20], 0b1111) << "all four parts are enabled";
}

TEST_F(RegistersTest, HandASetpointToThePlant) {
    const Point& setpoint = point("network.pressure_setpoint");
    EXPECT_EQ(write(PointKind::holding, setpoint.address, encode(setpoint, 4.25)), WriteVerdict::accepted);
    EXPECT_EQ(simulation.plant.works().controls.pressure_bar, 4.25);
    EXPECT_EQ(registers.holdings()[setpoint.address], 0x4088);
}

TEST_F(RegistersTest, RefuseAValueOutsideTheRange) {
    const Point& setpoint = point("network.pressure_setpoint");
    EXPECT_EQ(write(PointKind::holding, setpoint.address, {0x41A0, 0x0000}), WriteVerdict::illegal_value) << "20 bar";
    EXPECT_EQ(write(PointKind::holding, setpoint.address, {0x7FC0, 0x0000}), WriteVerdict::illegal_value) << "NaN";
    EXPECT_EQ(write(PointKind::holding, point("raw_tank.level_setpoint").address, {30000}), WriteVerdict::illegal_value);
    EXPECT_EQ(write(PointKind::holding, point("plant.time_factor").address, {0}), WriteVerdict::illegal_value);
    EXPECT_EQ(simulation.plant.works().controls.pressure_bar, 5.0);
}

TEST_F(RegistersTest, RefuseAWriteWhereNothingIsWritable) {
    EXPECT_EQ(write(PointKind::holding, 25, {1}), WriteVerdict::no_such_address);
    EXPECT_EQ(write(PointKind::coil, 3, {1}), WriteVerdict::no_such_address);
    EXPECT_EQ(write(PointKind::holding, 7, {100, 1}), WriteVerdict::no_such_address)
        << "8 is not writable, so 7 is not written";
    EXPECT_EQ(simulation.plant.works().filtration.wash_head_loss_bar(), 0.35);
}

TEST_F(RegistersTest, WriteOneBitOfARegisterAndLeaveTheOthers) {
    EXPECT_EQ(write(PointKind::holding, 20, {0b1011}), WriteVerdict::accepted);
    EXPECT_FALSE(simulation.plant.works().controls.dosing_enabled);
    EXPECT_TRUE(simulation.plant.works().controls.distribution_enabled);
    EXPECT_EQ(registers.holdings()[20], 0b1011);
}

TEST_F(RegistersTest, TakeTheWriteOfHalfAFloat) {
    EXPECT_EQ(write(PointKind::holding, point("network.pressure_setpoint").address, {0x4080}), WriteVerdict::accepted);
    EXPECT_EQ(simulation.plant.works().controls.pressure_bar, 4.0);
}

TEST_F(RegistersTest, TakeEveryEndOfARangeTheyShow) {
    for (const Point& p : point_table()) {
        if (!p.is_writable() || p.bit >= 0) continue;
        EXPECT_EQ(write(p.kind, p.address, encode(p, p.low)), WriteVerdict::accepted) << p.name;
        EXPECT_EQ(write(p.kind, p.address, encode(p, p.high)), WriteVerdict::accepted) << p.name;
    }
}

double value_of(Registers& registers, std::string_view name) {
    const Point& p = point(name);
    return decode(p, std::span(registers.inputs()).subspan(p.address, static_cast<std::size_t>(p.width())));
}

// What anybody can check who reads the plant over Modbus; the bound is the one that is asked for.
TEST_F(RegistersTest, ShowAWaterBalanceThatClosesOverADay) {
    const double before_m3 = value_of(registers, "plant.stored_volume");
    simulation.plant.apply(parse_fault("leak").value());
    simulation.plant.run(Seconds{86400});
    registers.refresh(simulation);
    const double in_m3 = value_of(registers, "intake.total");
    const double out_m3 = value_of(registers, "network.total") + value_of(registers, "filters.waste_total")
                          + value_of(registers, "clear_tank.overflow_total");
    const double change_m3 = value_of(registers, "plant.stored_volume") - before_m3;
    EXPECT_GT(in_m3, 5000.0);
    EXPECT_LE(std::abs(in_m3 - out_m3 - change_m3), 0.001 * in_m3);
}

TEST(MapText, HasALineForEveryPoint) {
    const std::string table = map_table();
    const std::string csv = map_csv();
    const auto lines = static_cast<std::ptrdiff_t>(point_table().size()) + 1;
    EXPECT_EQ(std::ranges::count(table, '\n'), lines);
    EXPECT_EQ(std::ranges::count(csv, '\n'), lines);
    EXPECT_NE(
        csv.find(
            "\nclear_tank.level,input:100:float32,double,m,read,0,6,0,6,works/storage,fast,Level of the clear-water tank\n"),
        std::string::npos);
}

}  // namespace
}  // namespace penstock::plantsim
