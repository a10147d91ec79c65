#include <penstock/testing/alarm_policy_conformance.hpp>

namespace penstock::testing {
namespace {

const AlarmPolicyKit kKit{.parameters = {{"low_low", 10}, {"low", 20}, {"high", 80}, {"high_high", 90}, {"hysteresis", 3}},
                          .values = {0, 9, 11, 19, 21, 22, 50, 76, 78, 79, 81, 88, 91}};
PENSTOCK_ALARM_POLICY_CONFORMANCE(Limits, kKit);

}  // namespace
}  // namespace penstock::testing
