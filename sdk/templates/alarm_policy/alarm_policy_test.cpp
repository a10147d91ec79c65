#include <penstock/testing/alarm_policy_conformance.hpp>

namespace {

using penstock::testing::AlarmPolicyKit;
using penstock::testing::AlarmPolicyRig;

const AlarmPolicyKit kKit{.parameters = {{"minutes", 0.1}}, .values = {0, 1, 1, 1, 1, 1, 1, 1, 1, 1}};
PENSTOCK_ALARM_POLICY_CONFORMANCE(RunsLong, kKit);

TEST(RunsLong, HoldsWhenItsTimeIsOverAndUntilItStands) {
    AlarmPolicyRig rig(&penstock_plugin_factory, "{}", 1);
    rig.set(0, "minutes", 30);
    const auto began = rig.now_ns;
    const auto running = rig.judge(0, 1);
    EXPECT_EQ(running.holds, "");
    EXPECT_EQ(running.look_at_ns, began + 30 * 60 * 1'000'000'000LL);
    rig.now_ns = running.look_at_ns;
    EXPECT_EQ(rig.judge(0, 1).holds, "too_long");
    EXPECT_EQ(rig.judge(0, 0).holds, "");
}

}  // namespace
