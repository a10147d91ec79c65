#include "plugins/drivers/modbus/plan.hpp"

#include <gtest/gtest.h>

#include <numeric>
#include <random>

namespace penstock::modbus {
namespace {

constexpr Space kHolding{1, Table::holding_registers};

class Plan : public testing::Test {
protected:
    void add(std::uint32_t start, std::uint32_t width = 1, std::uint8_t unit = 1, Table table = Table::holding_registers) {
        Address address;
        address.start = static_cast<std::uint16_t>(start);
        address.width = static_cast<std::uint16_t>(width);
        address.unit = unit;
        address.table = table;
        items_.push_back({static_cast<ItemId>(items_.size()), ValueType::uint64, address});
    }
    ReadPlan make(std::uint32_t max_gap = 2000) {
        std::vector<ItemId> due(items_.size());
        std::iota(due.begin(), due.end(), 0U);
        return make_plan(due, items_, map_, max_gap, MonotonicTime{});
    }
    static std::vector<std::pair<int, int>> ranges(const ReadPlan& plan) {
        std::vector<std::pair<int, int>> result;
        for (const auto& group : plan.groups) result.emplace_back(group.start, group.start + group.count - 1);
        return result;
    }
    using Ranges = std::vector<std::pair<int, int>>;

    std::vector<Item<Address>> items_;
    DeviceMap map_{125, 2000};
};

TEST_F(Plan, MergesAcrossGaps) {
    add(0), add(5), add(100);
    EXPECT_EQ(ranges(make()), (Ranges{{0, 100}}));
    EXPECT_EQ(ranges(make(4)), (Ranges{{0, 5}, {100, 100}}));
}

TEST_F(Plan, SplitsAtTheLimitWithoutCuttingAValue) {
    for (std::uint32_t i = 0; i < 100; ++i) add(2 * i, 2);
    EXPECT_EQ(ranges(make()), (Ranges{{0, 123}, {124, 199}}));
}

TEST_F(Plan, KeepsUnitsAndTablesApart) {
    add(0), add(1, 1, 2), add(2, 1, 1, Table::input_registers);
    EXPECT_EQ(make().groups.size(), 3U);
}

TEST_F(Plan, LeavesOutWhatIsRefusedAndDoesNotReachAcross) {
    for (std::uint32_t i = 0; i < 10; ++i) add(i);
    map_.refuse(4, 2, MonotonicTime(1h));
    const auto plan = make();
    EXPECT_EQ(ranges(plan), (Ranges{{0, 3}, {5, 9}}));
    EXPECT_EQ(plan.refused, std::vector<ItemId>{4});
}

TEST_F(Plan, DoesNotReachAcrossABarrier) {
    add(0), add(10), add(20);
    map_.add_barrier(kHolding, 1);
    EXPECT_EQ(ranges(make()), (Ranges{{0, 0}, {10, 20}}));
}

TEST_F(Plan, TriesARefusedItemAgainWhenItsTimeHasCome) {
    add(0);
    map_.refuse(0, 2, MonotonicTime(10min));
    EXPECT_FALSE(map_.expire(MonotonicTime(9min)));
    EXPECT_EQ(map_.refusal(0, MonotonicTime(9min)), 2);
    EXPECT_TRUE(map_.expire(MonotonicTime(10min)));
    EXPECT_TRUE(make().refused.empty());
}

TEST(ModbusCountLimit, FindsASmallerLimitInAFewRefusals) {
    for (const int truth : {1, 2, 59, 60, 61, 100, 124, 125}) {
        CountLimit limit(125);
        int refusals = 0;
        for (int round = 0; round < 20; ++round) {
            const auto asked = limit.current();
            if (asked <= truth)
                limit.worked(asked);
            else
                limit.refused(asked), ++refusals;
        }
        EXPECT_EQ(limit.current(), truth);
        EXPECT_LE(refusals, 7) << truth;
    }
}

// No plan can do with fewer requests than this: each register that starts a request was reached by none before.
TEST_F(Plan, NeedsNoMoreRequestsThanTheOptimum) {
    std::mt19937 random(7);
    for (int round = 0; round < 200; ++round) {
        items_.clear();
        std::vector<bool> used(3000, false);
        for (int i = 0; i < 300; ++i) used[random() % used.size()] = true;
        for (std::uint32_t r = 0; r < used.size(); ++r)
            if (used[r]) add(r);
        std::size_t optimum = 0;
        for (std::size_t r = 0; r < used.size();) {
            if (!used[r])
                ++r;
            else
                ++optimum, r += 125;
        }
        EXPECT_EQ(make().groups.size(), optimum);
    }
}

}  // namespace
}  // namespace penstock::modbus
