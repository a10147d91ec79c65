#include <penstock/testing/alarm_policy_rig.hpp>

#include <algorithm>
#include <stdexcept>

#include <gtest/gtest.h>

namespace penstock::testing {
namespace {

void check(const abi::Fault& fault) {
    if (fault.failed()) throw std::runtime_error(std::string(fault.sentence()));
}

}  // namespace

AlarmPolicyRig::AlarmPolicyRig(DriverRig::Factory factory, std::string_view settings, std::size_t points)
    : settings_(settings) {
    abi::Fault fault;
    const abi::Birth birth{abi::kAlarmPolicyInterface, 0, nullptr, settings_.node(), abi::text("policy")};
    guest_ = static_cast<abi::AlarmPolicyGuest*>(factory(birth, fault));
    check(fault);
    if (guest_ == nullptr) throw std::runtime_error("the factory made nothing");
    abi::PolicyShapePlain plain;
    guest_->shape(plain, fault);
    check(fault);
    for (std::uint32_t n = 0; n < plain.output_count; ++n) shape_.outputs.emplace_back(plain.outputs[n].view());
    for (std::uint32_t n = 0; n < plain.parameter_count; ++n) shape_.parameters.emplace_back(plain.parameters[n].view());
    shape_.wants_bad = plain.wants_bad != 0;
    parameters_.assign(shape_.parameters.size(), std::vector(points, std::numeric_limits<double>::quiet_NaN()));
    guest_->resize(static_cast<std::uint32_t>(points), fault);
    check(fault);
}

AlarmPolicyRig::~AlarmPolicyRig() {
    if (guest_ != nullptr) guest_->release();
}

void AlarmPolicyRig::set(PointId point, std::string_view parameter, double value) {
    const auto found = std::ranges::find(shape_.parameters, parameter);
    if (found == shape_.parameters.end()) {
        ADD_FAILURE() << "the policy has no parameter " << parameter;
        return;
    }
    parameters_[static_cast<std::size_t>(found - shape_.parameters.begin())].at(point) = value;
}

// The columns are made for this call, and spoiled behind it: a policy that looks into them later does not go unnoticed.
std::vector<JudgedRow> AlarmPolicyRig::judge(const std::vector<Input>& inputs) {
    const auto count = inputs.size();
    std::vector<PointId> point;
    std::vector<double> number;
    std::vector<std::uint16_t> quality;
    std::vector<std::int64_t> time;
    for (const auto& input : inputs) {
        point.push_back(input.point);
        number.push_back(input.number);
        quality.push_back(static_cast<std::uint16_t>(input.quality));
        time.push_back(input.time_ns);
    }
    std::vector<std::vector<double>> parameters;
    std::vector<const double*> columns;
    for (const auto& given : parameters_) {
        auto& column = parameters.emplace_back();
        for (const auto& input : inputs) column.push_back(given.at(input.point));
        columns.push_back(column.data());
    }
    std::vector<std::uint8_t> holds(count);
    std::vector<double> low(count, std::numeric_limits<double>::quiet_NaN());
    auto high = low;
    std::vector<std::int64_t> look_at(count);
    abi::Fault fault;
    guest_->evaluate({count, point.data(), number.data(), quality.data(), time.data(), now_ns, columns.data()},
                     {holds.data(), low.data(), high.data(), look_at.data()}, fault);
    check(fault);
    constexpr double kSpoiled = -1e300;
    std::ranges::fill(number, kSpoiled);
    for (auto& column : parameters) std::ranges::fill(column, kSpoiled);
    std::vector<JudgedRow> rows(count);
    for (std::size_t i = 0; i < count; ++i) {
        rows[i] = {{}, low[i], high[i], look_at[i]};
        for (std::size_t n = 0; n < 8; ++n) {
            if ((holds[i] >> n & 1U) == 0) continue;
            if (!rows[i].holds.empty()) rows[i].holds += ' ';
            rows[i].holds +=
                n < shape_.outputs.size() ? shape_.outputs[n] : "output " + std::to_string(n) + ", which it does not have";
        }
    }
    return rows;
}

JudgedRow AlarmPolicyRig::judge(PointId point, double number, QualityCode quality) {
    return judge({{point, number, quality, now_ns}}).front();
}

std::string AlarmPolicyRig::save() {
    abi::Fault fault;
    const auto bytes = guest_->save(now_ns, fault);
    check(fault);
    return {reinterpret_cast<const char*>(bytes.data), static_cast<std::size_t>(bytes.size)};
}

void AlarmPolicyRig::recall(PointId point, std::uint8_t holds) {
    abi::Fault fault;
    guest_->recall({1, &point, &holds}, fault);
    check(fault);
}

std::string AlarmPolicyRig::restore(std::string_view state) {
    abi::Fault fault;
    guest_->restore({reinterpret_cast<const std::byte*>(state.data()), state.size()}, now_ns, fault);
    return fault.failed() ? std::string(fault.sentence()) : std::string();
}

}  // namespace penstock::testing
