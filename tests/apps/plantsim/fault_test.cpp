#include "apps/plantsim/plant/fault.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace penstock::plantsim {
namespace {

using ::testing::HasSubstr;

TEST(Fault, IsReadWithItsArgumentAndItsTime) {
    const auto fault = parse_fault("leak=120.5@600");
    ASSERT_TRUE(fault) << fault.error();
    EXPECT_EQ(fault->kind, FaultKind::leak);
    EXPECT_EQ(fault->amount, 120.5);
    EXPECT_EQ(fault->at, Seconds{600});
}

TEST(Fault, NeedsNoArgument) {
    for (const FaultHelp& help : fault_list()) EXPECT_TRUE(parse_fault(help.name)) << help.name;
}

TEST(Fault, NamesASensorAndItsDrift) {
    const auto fault = parse_fault("drift=network.pressure:-0.4");
    ASSERT_TRUE(fault) << fault.error();
    EXPECT_EQ(fault->target, "network.pressure");
    EXPECT_EQ(fault->amount, -0.4);
}

TEST(Fault, SaysWhatIsWrongAndWhatIsPossible) {
    EXPECT_THAT(parse_fault("boom").error(), HasSubstr("\"boom\" is unknown; there are leak, trip"));
    EXPECT_THAT(parse_fault("").error(), HasSubstr("is unknown"));
    EXPECT_THAT(parse_fault("leak=much").error(), HasSubstr("\"much\" is not a flow between 1 and 1000 m3/h"));
    EXPECT_THAT(parse_fault("leak=nan").error(), HasSubstr("\"nan\" is not a flow"));
    EXPECT_THAT(parse_fault("leak=0").error(), HasSubstr("\"0\" is not a flow"));
    EXPECT_THAT(parse_fault("trip=pump_9").error(), HasSubstr("\"pump_9\" is not one of intake_pump_1"));
    EXPECT_THAT(parse_fault("stuck=").error(), HasSubstr("\"\" is not one of filter_1"));
    EXPECT_THAT(parse_fault("drift=clear_tank.level:x").error(), HasSubstr("\"x\" is not a rate per hour"));
    EXPECT_THAT(parse_fault("freeze-values=3").error(), HasSubstr("takes no argument"));
    EXPECT_THAT(parse_fault("link-loss=-1").error(), HasSubstr("\"-1\" is not a time"));
    EXPECT_THAT(parse_fault("leak@soon").error(), HasSubstr("simulated seconds after the start"));
    EXPECT_THAT(parse_fault("clear=boom").error(), HasSubstr("\"boom\" is not the name of a fault"));
}

}  // namespace
}  // namespace penstock::plantsim
