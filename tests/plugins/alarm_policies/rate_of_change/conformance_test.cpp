#include <penstock/testing/alarm_policy_conformance.hpp>

namespace penstock::testing {
namespace {

const AlarmPolicyKit kKit{.parameters = {{"rising", 5}, {"falling", 3}, {"window", 4}},
                          .values = {0, 1, 2, 100, 101, 50, 50, 50}};
PENSTOCK_ALARM_POLICY_CONFORMANCE(RateOfChange, kKit);

}  // namespace
}  // namespace penstock::testing
