#include "apps/plantsim/plant/pump.hpp"

#include <algorithm>
#include <cmath>

namespace penstock::plantsim {
namespace {

constexpr double kAmbientC = 20.0;
constexpr double kRatedRiseC = 65.0;  // winding above ambient at the rated current
constexpr double kTripC = 130.0;
constexpr double kResetC = 90.0;
constexpr Seconds kThermalTime{300};
constexpr Seconds kDryRunDelay{5};

}  // namespace

double PumpCurve::flow_m3h(double speed, double head_bar) const {
    if (speed <= 0.0) return 0.0;
    const double spare_bar = shutoff_head_bar * speed * speed - head_bar;
    return spare_bar > 0.0 ? std::sqrt(spare_bar / resistance) : 0.0;
}

void Pump::set_auto(bool automatic) {
    if (automatic == auto_) return;
    auto_ = automatic;
    manual_start_ = !automatic && auto_run_;
    if (manual_start_) manual_speed_ = auto_speed_;
}

void Pump::set_manual_start(bool start) { manual_start_ = start && !auto_ && !is_tripped(); }

void Pump::set_auto_command(bool run, double speed) {
    auto_run_ = run;
    auto_speed_ = speed;
}

void Pump::reset() {
    if (trip_ == Trip::thermal && winding_c_ > kResetC) return;
    if (trip_ == Trip::dry_run && !suction_wet_) return;
    trip_ = Trip::none;
}

void Pump::overheat() { winding_c_ = kTripC + 10.0; }

void Pump::repair() {
    winding_c_ = kAmbientC;
    trip_ = Trip::none;
}

double Pump::wanted_speed() const {
    if (is_tripped() || interlocked_) return 0.0;
    if (auto_) return auto_run_ ? auto_speed_ : 0.0;
    return manual_start_ ? manual_speed_ : 0.0;
}

void Pump::step(double head_bar, bool suction_wet, Seconds dt) {
    const double wanted = wanted_speed();
    if (speed_ == 0.0 && wanted > 0.0) ++starts_;
    const double way = dt / design_.ramp;
    speed_ = std::clamp(wanted, speed_ - way, speed_ + way);
    flow_m3h_ = suction_wet ? design_.curve.flow_m3h(speed_, head_bar) : 0.0;
    const double load = speed_ * speed_ * (0.4 + 0.6 * flow_m3h_ / design_.rated_flow_m3h);
    current_a_ = design_.rated_current_a * load;
    if (is_running()) run_time_ += dt;
    protect(suction_wet, dt);
}

void Pump::protect(bool suction_wet, Seconds dt) {
    suction_wet_ = suction_wet;
    const double load = current_a_ / design_.rated_current_a;
    winding_c_ += (kAmbientC + kRatedRiseC * load * load - winding_c_) * (dt / kThermalTime);
    dry_for_ = is_running() && !suction_wet ? dry_for_ + dt : Seconds{0};
    if (is_tripped()) return;
    if (winding_c_ > kTripC) trip_ = Trip::thermal;
    if (dry_for_ > kDryRunDelay) trip_ = Trip::dry_run;
    if (is_tripped()) manual_start_ = false;
}

std::uint16_t Pump::status_word() const {
    const double wanted = wanted_speed();
    const bool starting = is_running() && wanted > 0.0 && speed_ < 0.3;
    const bool stopping = is_running() && wanted == 0.0;
    const auto bit = [](bool on, int number) { return on ? 1U << number : 0U; };
    const unsigned word = bit(!is_tripped() && !interlocked_, 0) | bit(is_running(), 1) | bit(starting, 2) | bit(stopping, 3)
                          | bit(is_tripped(), 4) | bit(trip_ == Trip::thermal, 5) | bit(trip_ == Trip::dry_run, 6)
                          | bit(interlocked_, 7) | bit(auto_, 8);
    return static_cast<std::uint16_t>(word);
}

}  // namespace penstock::plantsim
