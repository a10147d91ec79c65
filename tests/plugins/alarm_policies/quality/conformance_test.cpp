#include <penstock/testing/alarm_policy_conformance.hpp>

namespace penstock::testing {
namespace {

const AlarmPolicyKit kKit{.parameters = {{"no_update", 5}},
                          .values = {0, 1},
                          .qualities = {QualityCode::good, QualityCode::bad_timeout, QualityCode::uncertain_range_exceeded}};
PENSTOCK_ALARM_POLICY_CONFORMANCE(Quality, kKit);

}  // namespace
}  // namespace penstock::testing
