#include "apps/plantsim/plant/pump_group.hpp"

#include <gtest/gtest.h>

#include <array>

namespace penstock::plantsim {
namespace {

constexpr PumpDesign kDesign{{3.0, 3.75e-5}, 200.0, 48.0, Seconds{5}};

class PumpGroupTest : public ::testing::Test {
protected:
    void run(std::size_t wanted, Seconds time) {
        for (Seconds passed{0}; passed < time; passed += kStep) {
            group.run(pumps, wanted, 1.0, kStep);
            for (Pump& pump : pumps) pump.step(1.5, true, kStep);
        }
    }
    // Which pumps run, "1-3".
    std::string running() const {
        std::string text;
        for (std::size_t i = 0; i < pumps.size(); ++i) text += pumps[i].is_running() ? static_cast<char>('1' + i) : '-';
        return text;
    }
    std::array<Pump, 3> pumps{Pump{kDesign}, Pump{kDesign}, Pump{kDesign}};
    PumpGroup group{3, Seconds{3600}};
};

TEST_F(PumpGroupTest, RunsAsManyAsWanted) {
    run(2, Seconds{30});
    EXPECT_EQ(running(), "12-");
    run(0, Seconds{30});
    EXPECT_EQ(running(), "---");
}

TEST_F(PumpGroupTest, ReplacesATrippedPumpByTheStandby) {
    run(2, Seconds{30});
    pumps[0].overheat();
    run(2, Seconds{30});
    EXPECT_EQ(running(), "-23");
}

TEST_F(PumpGroupTest, HandsOverToTheRestedPumpAfterItsTurn) {
    run(1, Seconds{3500});
    EXPECT_EQ(running(), "1--");
    run(1, Seconds{200});
    EXPECT_EQ(running(), "-2-");
    run(1, Seconds{3700});
    EXPECT_EQ(running(), "--3");
}

TEST_F(PumpGroupTest, LetsThePumpWithTheMostHoursLeaveFirst) {
    run(1, Seconds{600});
    run(2, Seconds{60});
    run(1, Seconds{60});
    EXPECT_EQ(running(), "-2-");
}

TEST_F(PumpGroupTest, LeavesAPumpInManualAlone) {
    pumps[0].set_auto(false);
    run(3, Seconds{30});
    EXPECT_EQ(running(), "-23");
}

}  // namespace
}  // namespace penstock::plantsim
