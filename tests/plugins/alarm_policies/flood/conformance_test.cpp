#include <penstock/testing/alarm_policy_conformance.hpp>

namespace penstock::testing {
namespace {

const AlarmPolicyKit kKit{.parameters = {{"begins", 3}, {"ends", 2}, {"window_s", 5}},
                          .values = {0, 1, 2, 3, 4, 4, 4, 4, 4, 4, 4, 4, 4}};
PENSTOCK_ALARM_POLICY_CONFORMANCE(Flood, kKit);

}  // namespace
}  // namespace penstock::testing
