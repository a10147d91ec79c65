#include "apps/plantsim/plant/pressure_control.hpp"

#include <algorithm>

namespace penstock::plantsim {
namespace {

constexpr double kGain = 0.12;  // share of full speed per bar
constexpr Seconds kIntegralTime{20};
constexpr double kSlowest = 0.5;
constexpr double kNearlyFull = 0.985;
constexpr double kSpareShare = 0.85;  // fewer pumps must do with this share of their full flow
constexpr Seconds kJoinDelay{20};
constexpr Seconds kLeaveDelay{120};

}  // namespace

PressureControl::Command PressureControl::step(const Inputs& inputs, Seconds dt) {
    const double error_bar = inputs.setpoint_bar - inputs.pressure_bar;
    // The integral stays where speed is possible, or it would wind up during a start.
    integral_ = std::clamp(integral_ + kGain * error_bar * (dt / kIntegralTime), kSlowest, 1.0);
    speed_ = std::clamp(integral_ + kGain * error_bar, kSlowest, 1.0);
    stage(inputs, dt);
    return {pumps_, speed_};
}

void PressureControl::stage(const Inputs& inputs, Seconds dt) {
    at_limit_ = speed_ > kNearlyFull ? at_limit_ + dt : Seconds{0};
    const double lift_bar = inputs.setpoint_bar - inputs.suction_bar;
    const double fewer_m3h = curve_.flow_m3h(1.0, lift_bar) * static_cast<double>(pumps_ - 1);
    const bool enough = pumps_ > 1 && inputs.flow_m3h < kSpareShare * fewer_m3h;
    too_many_ = enough ? too_many_ + dt : Seconds{0};
    if (at_limit_ > kJoinDelay && pumps_ < inputs.available) {
        ++pumps_;
        at_limit_ = Seconds{0};
    } else if (too_many_ > kLeaveDelay) {
        --pumps_;
        too_many_ = Seconds{0};
    }
    pumps_ = std::clamp<std::size_t>(pumps_, 1, std::max<std::size_t>(inputs.available, 1));
}

}  // namespace penstock::plantsim
