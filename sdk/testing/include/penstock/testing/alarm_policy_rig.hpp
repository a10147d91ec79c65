#pragma once

// An alarm policy as the engine holds it, through the table that crosses the library boundary, with a clock that the test moves.
//
//     AlarmPolicyRig rig(&penstock_plugin_factory, "{}", 1);
//     rig.set(0, "high", 80);
//     EXPECT_EQ(rig.judge(0, 81).holds, "high");

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <penstock/alarm_policy.hpp>
#include <penstock/testing/driver_rig.hpp>
#include <penstock/testing/json_settings.hpp>

namespace penstock::testing {

struct JudgedRow {
    std::string holds;  // names of the outputs, in their order, a blank between: "high high_high"
    double quiet_low = 0, quiet_high = 0;
    std::int64_t look_at_ns = 0;  // 0: not
};

class AlarmPolicyRig final {
public:
    struct Input {
        PointId point = 0;
        double number = 0;
        QualityCode quality = QualityCode::good;
        std::int64_t time_ns = 0;
    };
    // Throws std::runtime_error with the plugin's sentence if it is not born.
    AlarmPolicyRig(DriverRig::Factory factory, std::string_view settings, std::size_t points);
    ~AlarmPolicyRig();
    AlarmPolicyRig(const AlarmPolicyRig&) = delete;
    AlarmPolicyRig& operator=(const AlarmPolicyRig&) = delete;

    [[nodiscard]] const PolicyShape& shape() const noexcept { return shape_; }
    // Comes with the point's rows from now on. A name that the policy does not have: the test fails.
    void set(PointId point, std::string_view parameter, double value);
    [[nodiscard]] std::vector<JudgedRow> judge(const std::vector<Input>& inputs);
    [[nodiscard]] JudgedRow judge(PointId point, double number, QualityCode quality = QualityCode::good);
    [[nodiscard]] std::string save();
    // "" if it took the state, else what it says.
    [[nodiscard]] std::string restore(std::string_view state);
    void recall(PointId point, std::uint8_t holds);

    std::int64_t now_ns = 1'000'000'000'000;

private:
    JsonSettings settings_;
    abi::AlarmPolicyGuest* guest_ = nullptr;
    PolicyShape shape_;
    std::vector<std::vector<double>> parameters_;  // by parameter and point
};

}  // namespace penstock::testing
