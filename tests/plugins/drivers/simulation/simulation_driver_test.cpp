#include <penstock/testing/driver_rig.hpp>

#include <gtest/gtest.h>

namespace penstock::simulation {
namespace {

using penstock::testing::DriverRig;
using penstock::testing::ScriptedNetwork;

Value read_one(DriverRig& rig, ItemId item = 0) {
    const auto result = rig.read();
    EXPECT_TRUE(result.ok()) << result.sentence();
    const auto* const reading = result.find(item);
    return reading == nullptr ? Value() : reading->value;
}

TEST(SimulationDriver, CountsFromItsStart) {
    ScriptedNetwork network;
    auto rig = DriverRig::plugin(network, "{}");
    ASSERT_TRUE(rig.set_items({"counter:every=100ms,step=3"}));
    EXPECT_EQ(read_one(rig).text(), "0");
    network.run_for(std::chrono::seconds(1));
    EXPECT_EQ(read_one(rig).text(), "30");
}

TEST(SimulationDriver, KeepsItsMemoryWhenTheItemsChange) {
    ScriptedNetwork network;
    auto rig = DriverRig::plugin(network, "{}");
    ASSERT_TRUE(rig.set_items({"memory:name=a,value=1"}));
    ASSERT_TRUE(rig.write(0, 2.5));
    ASSERT_TRUE(rig.set_items({"constant:value=1", "memory:name=a,value=1"}));
    EXPECT_EQ(read_one(rig, 1).text(), "2.5");
}

TEST(SimulationDriver, IsTheSameWithTheSameSeed) {
    const auto walk = [](std::string_view settings) {
        ScriptedNetwork network;
        auto rig = DriverRig::plugin(network, settings);
        EXPECT_TRUE(rig.set_items({"random_walk:every=1s,low=0,high=1000,step=50"}));
        std::string all;
        for (int i = 0; i < 10; ++i) {
            all += read_one(rig).text() + " ";
            network.run_for(std::chrono::seconds(1));
        }
        return all;
    };
    EXPECT_EQ(walk(R"({"seed": 5})"), walk(R"({"seed": 5})"));
    EXPECT_NE(walk(R"({"seed": 5})"), walk(R"({"seed": 6})"));
}

TEST(SimulationDriver, RefusesToWriteWhatIsComputed) {
    ScriptedNetwork network;
    auto rig = DriverRig::plugin(network, "{}");
    ASSERT_TRUE(rig.set_items({"sine:period=1s"}));
    const auto result = rig.write(0, 1.0);
    EXPECT_EQ(result.outcome, abi::Outcome::refused);
    EXPECT_EQ(result.sentence(), "only memory can be written, this is computed");
}

TEST(SimulationDriver, MarksAMemoryBadThatTwoAddressesTypeDifferently) {
    ScriptedNetwork network;
    auto rig = DriverRig::plugin(network, "{}");
    ASSERT_TRUE(rig.set_items({"memory:name=a,type=int", "memory:name=a,type=bool"}));
    const auto result = rig.read();
    EXPECT_EQ(result.find(0)->quality, QualityCode::good);
    EXPECT_EQ(result.find(1)->quality, QualityCode::bad_type_mismatch);
}

}  // namespace
}  // namespace penstock::simulation
