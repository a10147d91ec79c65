#include <penstock/testing/alarm_policy_conformance.hpp>

namespace penstock::testing {
namespace {

const AlarmPolicyKit kKit{.parameters = {{"state", 3}}, .values = {0, 1, 2, 3, 4}};
PENSTOCK_ALARM_POLICY_CONFORMANCE(Discrete, kKit);

}  // namespace
}  // namespace penstock::testing
