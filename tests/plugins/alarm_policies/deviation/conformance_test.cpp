#include <penstock/testing/alarm_policy_conformance.hpp>

namespace penstock::testing {
namespace {

const AlarmPolicyKit kKit{.parameters = {{"setpoint", 50}, {"low", 10}, {"high", 5}, {"hysteresis", 2}},
                          .values = {30, 39, 41, 43, 50, 52, 54, 56, 70}};
PENSTOCK_ALARM_POLICY_CONFORMANCE(Deviation, kKit);

}  // namespace
}  // namespace penstock::testing
