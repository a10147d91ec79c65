#include "apps/plantsim/pacer.hpp"

#include <gtest/gtest.h>

namespace penstock::plantsim {
namespace {

using namespace std::chrono_literals;

const Pacer::Time kStart{1h};

TEST(Pacer, GivesFiveStepsASecondInRealTime) {
    Pacer pacer(kStart);
    std::uint64_t steps = 0;
    for (auto now = kStart; now < kStart + 10s;) {
        now += 20ms;
        steps += pacer.steps_due(now, 1.0);
    }
    EXPECT_EQ(steps, 50U);
}

TEST(Pacer, GivesAHundredTimesAsManyAtFullSpeed) {
    Pacer pacer(kStart);
    EXPECT_EQ(pacer.steps_due(kStart + 1s, 100.0), 500U);
}

TEST(Pacer, DoesNotCatchUpAfterALongStop) {
    Pacer pacer(kStart);
    EXPECT_EQ(pacer.steps_due(kStart + 1h, 1.0), 5U);
    EXPECT_EQ(pacer.steps_due(kStart + 1h + 200ms, 1.0), 1U);
}

}  // namespace
}  // namespace penstock::plantsim
