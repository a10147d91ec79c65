#include "apps/plantsim/plant/filtration.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

namespace penstock::plantsim {
namespace {

class FiltrationTest : public ::testing::Test {
protected:
    void step() { house.step(inputs, kStep); }
    void run(Seconds time) {
        for (Seconds passed{0}; passed < time; passed += kStep) step();
    }
    // The states that filter `index` passes through in `time`, each once.
    std::vector<FilterState> states(std::size_t index, Seconds time) {
        std::vector<FilterState> seen{house.filters()[index].state()};
        for (Seconds passed{0}; passed < time; passed += kStep) {
            step();
            const FilterState now = house.filters()[index].state();
            if (now != seen.back()) seen.push_back(now);
        }
        return seen;
    }
    std::ptrdiff_t being_washed() const {
        return std::ranges::count_if(house.filters(), [](const Filter& f) {
            return f.state() != FilterState::filtering && f.state() != FilterState::closing;
        });
    }

    Filtration house;
    Filtration::Inputs inputs{.enabled = true, .wanted_m3h = 200.0, .raw_level_m = 3.4, .wash_permitted = true};
};

TEST_F(FiltrationTest, SharesTheFlowAmongTheFilters) {
    step();
    EXPECT_NEAR(house.filtered_m3h(), 200.0, 1e-9);
    for (const Filter& filter : house.filters()) EXPECT_NEAR(filter.filtered_m3h(), 50.0, 1e-9);
}

TEST_F(FiltrationTest, WashesAFilterStepByStepOnRequest) {
    house.request_wash(2, true);
    using enum FilterState;
    EXPECT_EQ(states(2, Seconds{1200}), (std::vector{filtering, closing, scouring, washing, settling, rinsing, filtering}));
    EXPECT_EQ(house.filters()[2].washes(), 1U);
    EXPECT_LT(house.filters()[2].clogging(), 0.05);
    EXPECT_FALSE(house.is_wash_requested(2));
}

TEST_F(FiltrationTest, WashesWithTheInletClosedOnly) {
    house.request_wash(1, true);
    for (Seconds passed{0}; passed < Seconds{1200}; passed += kStep) {
        step();
        if (house.filters()[1].wash_m3h() > 0.0) {
            ASSERT_TRUE(house.filters()[1].inlet().is_closed());
        }
    }
}

TEST_F(FiltrationTest, LetsTheOthersTakeOverTheFlowOfTheOneThatIsWashed) {
    house.request_wash(0, true);
    run(Seconds{300});
    ASSERT_EQ(house.filters()[0].filtered_m3h(), 0.0);
    EXPECT_NEAR(house.filtered_m3h(), 200.0, 1e-9);
}

TEST_F(FiltrationTest, WashesOneFilterAtATime) {
    for (std::size_t i = 0; i < 4; ++i) house.request_wash(i, true);
    for (Seconds passed{0}; passed < Seconds{4000}; passed += kStep) {
        step();
        ASSERT_LE(being_washed(), 1);
    }
    for (const Filter& filter : house.filters()) EXPECT_EQ(filter.washes(), 1U);
}

TEST_F(FiltrationTest, WashesByItselfWhenTheHeadLossIsTooHigh) {
    house.filters()[3].load(2800.0, 1.2);
    house.set_wash_head_loss_bar(0.25);
    run(Seconds{1200});
    EXPECT_EQ(house.filters()[3].washes(), 1U);
}

TEST_F(FiltrationTest, WashesByItselfAfterTheInterval) {
    house.set_wash_interval(Seconds{3600});
    run(Seconds{3500});
    EXPECT_EQ(being_washed(), 0);
    run(Seconds{4500});
    for (const Filter& filter : house.filters()) EXPECT_GE(filter.washes(), 1U);
}

TEST_F(FiltrationTest, WaitsForEnoughClearWater) {
    inputs.wash_permitted = false;
    house.request_wash(0, true);
    run(Seconds{600});
    EXPECT_EQ(house.filters()[0].state(), FilterState::filtering);
    EXPECT_TRUE(house.is_wash_requested(0));
    house.request_wash(0, false);
    inputs.wash_permitted = true;
    run(Seconds{600});
    EXPECT_EQ(house.filters()[0].washes(), 0U) << "the request was taken back";
}

TEST_F(FiltrationTest, DoesNotWashAFilterWhoseInletIsStuckAndGoesOnWithTheOthers) {
    house.filters()[0].inlet().set_stuck(true);
    house.request_wash(0, true);
    run(Seconds{120});
    house.request_wash(1, true);
    run(Seconds{1200});
    EXPECT_EQ(house.filters()[0].state(), FilterState::closing);
    EXPECT_TRUE(house.filters()[0].inlet().has_travel_fault());
    EXPECT_EQ(house.filters()[1].washes(), 1U);
    house.filters()[0].inlet().set_stuck(false);
    run(Seconds{1200});
    EXPECT_EQ(house.filters()[0].washes(), 1U);
}

TEST_F(FiltrationTest, StopsWhenItIsNotEnabled) {
    inputs.enabled = false;
    step();
    EXPECT_EQ(house.filtered_m3h(), 0.0);
}

}  // namespace
}  // namespace penstock::plantsim
