#include "apps/plantsim/plant/dosing.hpp"

#include <algorithm>

namespace penstock::plantsim {
namespace {

constexpr double kMinimumFlow_m3h = 20.0;
constexpr double kMaximumRate_l_h = 6.0;
constexpr double kGain = 0.8;
constexpr Seconds kIntegralTime{2 * 3600};
constexpr double kOrderAt_l = 50.0;
constexpr double kFull_l = 380.0;
constexpr double kDelivery_l_per_s = 0.3;
constexpr double kDecay_per_h = 0.05;

}  // namespace

void Dosing::step(const Inputs& inputs, Seconds dt) {
    take_delivery(dt);
    rate_l_h_ = wanted_rate_l_h(inputs, dt);
    const double used_l = std::min(tank_l_, rate_l_h_ * dt.count() / 3600.0);
    tank_l_ -= used_l;
    dosed_g_ = used_l * kStrength_g_per_l;
}

double Dosing::wanted_rate_l_h(const Inputs& inputs, Seconds dt) {
    if (!inputs.enabled || inputs.flow_m3h < kMinimumFlow_m3h || tank_l_ <= 0.0) return 0.0;
    if (!auto_) return manual_rate_l_h_;
    const double error_mg_l = setpoint_mg_l_ - inputs.residual_mg_l;
    trim_mg_l_ = std::clamp(trim_mg_l_ + error_mg_l * (dt / kIntegralTime), -0.3, 0.6);
    const double dose_mg_l = setpoint_mg_l_ + kGain * error_mg_l + trim_mg_l_;
    return std::clamp(inputs.flow_m3h * dose_mg_l / kStrength_g_per_l, 0.0, kMaximumRate_l_h);
}

void Dosing::take_delivery(Seconds dt) {
    if (tank_l_ < kOrderAt_l) delivering_ = true;
    if (!delivering_) return;
    tank_l_ += kDelivery_l_per_s * dt.count();
    if (tank_l_ >= kFull_l) delivering_ = false;
}

void Chlorine::step(double dosed_g, double out_m3, double volume_m3, Seconds dt) {
    const double out_share = volume_m3 > 0.0 ? std::min(1.0, out_m3 / volume_m3) : 1.0;
    const double decayed_share = kDecay_per_h * dt.count() / 3600.0;
    mass_g_ = mass_g_ * (1.0 - out_share) * (1.0 - decayed_share) + dosed_g;
}

}  // namespace penstock::plantsim
