#include <penstock/testing/alarm_policy_conformance.hpp>

namespace penstock::testing {
namespace {

const AlarmPolicyKit kKit{.parameters = {}, .values = {0, 1}};
PENSTOCK_ALARM_POLICY_CONFORMANCE(Expression, kKit);

}  // namespace
}  // namespace penstock::testing
