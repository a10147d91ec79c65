#pragma once

// What every alarm policy has to stand, as one line in its test:
//
//     const AlarmPolicyKit kKit{.parameters = {{"high", 80}, {"hysteresis", 2}}, .values = {0, 79, 81, 100}};
//     PENSTOCK_ALARM_POLICY_CONFORMANCE(Limits, kKit);

#include <ostream>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include <penstock/plugin.hpp>
#include <penstock/testing/alarm_policy_rig.hpp>

namespace penstock::testing {

struct AlarmPolicyKit {
    std::string settings = "{}";
    std::vector<std::pair<std::string, double>>
        parameters;  // with which its conditions hold for some values and not for others
    std::vector<double> values;
    std::vector<QualityCode> qualities = {QualityCode::good};  // more for a policy that wants bad inputs
    DriverRig::Factory factory = nullptr;  // filled in by PENSTOCK_ALARM_POLICY_CONFORMANCE
};

class AlarmPolicyConformance : public ::testing::TestWithParam<AlarmPolicyKit> {
protected:
    // With the kit's parameters at every point.
    [[nodiscard]] std::unique_ptr<AlarmPolicyRig> make(std::size_t points) const;
    [[nodiscard]] AlarmPolicyRig::Input input(PointId point, std::size_t number, std::int64_t now_ns) const;
};

void PrintTo(const AlarmPolicyKit& kit, std::ostream* out);
[[nodiscard]] AlarmPolicyKit checked_kit(AlarmPolicyKit kit, DriverRig::Factory factory);

}  // namespace penstock::testing

// For the plugin whose objects are linked into the test (penstock_add_plugin, TESTS).
#define PENSTOCK_ALARM_POLICY_CONFORMANCE(name, kit) PENSTOCK_POLICY_CONFORMANCE_OF(name, kit, &penstock_plugin_factory)

// For a policy's class that is no plugin of its own.
#define PENSTOCK_ALARM_POLICY_CLASS_CONFORMANCE(Class, kit) \
    PENSTOCK_POLICY_CONFORMANCE_OF(Class, kit, &::penstock::detail::make_guest<Class>)

#define PENSTOCK_POLICY_CONFORMANCE_OF(name, kit, factory) \
    using ::penstock::testing::AlarmPolicyConformance;     \
    INSTANTIATE_TEST_SUITE_P(name, AlarmPolicyConformance, ::testing::Values(::penstock::testing::checked_kit(kit, factory)))
