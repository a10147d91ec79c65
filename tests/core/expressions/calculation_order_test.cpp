#include "core/expressions/calculation_order.hpp"

#include <algorithm>
#include <random>

#include <gtest/gtest.h>

namespace penstock::expressions {
namespace {

using Lists = std::vector<std::vector<std::uint32_t>>;
constexpr auto kNone = CalculationOrder::kNoLevel;

TEST(CalculationOrder, PutsEachBehindWhatItUses) {
    const auto result = calculation_order(Lists{{1, 2}, {2}, {}, {}});
    EXPECT_EQ(result.order, (std::vector<std::uint32_t>{2, 3, 1, 0}));
    EXPECT_EQ(result.level, (std::vector<std::uint32_t>{2, 1, 0, 0}));
    EXPECT_TRUE(result.cycles.empty());
}

TEST(CalculationOrder, TakesAnInputThatIsNamedTwiceOnce) {
    const auto result = calculation_order(Lists{{1, 1}, {}});
    EXPECT_EQ(result.order, (std::vector<std::uint32_t>{1, 0}));
}

TEST(CalculationOrder, NamesACycleInTheOrderOfUse) {
    // 3 is behind the cycle 0 -> 2 -> 1 -> 0, and in none itself.
    const auto result = calculation_order(Lists{{2}, {0}, {1}, {0}, {}});
    EXPECT_EQ(result.cycles, (Lists{{0, 2, 1}}));
    EXPECT_EQ(result.order, (std::vector<std::uint32_t>{4}));
    EXPECT_EQ(result.level, (std::vector<std::uint32_t>{kNone, kNone, kNone, kNone, 0}));
}

TEST(CalculationOrder, NamesTheOneThatUsesItself) { EXPECT_EQ(calculation_order(Lists{{0}}).cycles, (Lists{{0}})); }

TEST(CalculationOrder, FindsEveryCycleThatSharesNothingWithAnother) {
    EXPECT_EQ(calculation_order(Lists{{1}, {0}, {3}, {2}}).cycles, (Lists{{0, 1}, {2, 3}}));
}

TEST(CalculationOrder, IsEmptyWithoutCalculations) { EXPECT_TRUE(calculation_order({}).order.empty()); }

TEST(CalculationOrder, GoesAlongAChainOfAHundredThousandWithoutAStack) {
    Lists chain(100'000);
    for (std::uint32_t c = 0; c + 1 < chain.size(); ++c) chain[c] = {c + 1};
    EXPECT_EQ(calculation_order(chain).level.front(), chain.size() - 1);
    chain.back() = {0};
    EXPECT_EQ(calculation_order(chain).cycles.front().size(), chain.size());
}

// Random graphs: what has a level uses only lower ones; what has none leads into a cycle; each step of a cycle is a use.
TEST(CalculationOrder, HoldsItsPromisesForRandomGraphs) {
    std::mt19937 random(7);
    for (int round = 0; round < 500; ++round) {
        Lists inputs_of(1 + random() % 30);
        for (auto& inputs : inputs_of) {
            for (auto more = random() % 3; more > 0; --more)
                inputs.push_back(static_cast<std::uint32_t>(random() % inputs_of.size()));
        }
        const auto result = calculation_order(inputs_of);
        for (std::uint32_t c = 0; c < inputs_of.size(); ++c) {
            const auto is_below = [&](std::uint32_t input) {
                return result.level[input] != kNone && (result.level[c] == kNone || result.level[input] < result.level[c]);
            };
            EXPECT_EQ(std::ranges::all_of(inputs_of[c], is_below), result.level[c] != kNone);
        }
        EXPECT_EQ(result.cycles.empty(), result.order.size() == inputs_of.size());
        for (const auto& cycle : result.cycles) {
            for (std::size_t i = 0; i < cycle.size(); ++i) {
                const auto& inputs = inputs_of[cycle[i]];
                EXPECT_NE(std::ranges::find(inputs, cycle[(i + 1) % cycle.size()]), inputs.end());
            }
        }
    }
}

}  // namespace
}  // namespace penstock::expressions
