#include "apps/plantsim/plant/plant.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace penstock::plantsim {
namespace {

constexpr double kIntakeLift_bar = 1.2;
constexpr double kRiverDry_m = 0.3;
constexpr double kSuctionDry_m = 0.25;
constexpr double kWashReserve_m = 1.2;
constexpr double kMinimumFiltration_m3h = 80.0;
constexpr double kMaximumFiltration_m3h = 520.0;
constexpr double kUsualFiltration_m3h = 300.0;
constexpr double kLevelGain_m3h_per_m = 250.0;
constexpr double kPumpEfficiency = 0.72;

double total_flow(std::span<const Pump> pumps) {
    return std::accumulate(pumps.begin(), pumps.end(), 0.0, [](double sum, const Pump& pump) { return sum + pump.flow_m3h(); });
}

// Pressure times flow, over the efficiency: bar * m3/h = 100/3.6 W.
double power_kw(double flow_m3h, double head_bar) { return flow_m3h * head_bar / 36.0 / kPumpEfficiency; }

}  // namespace

Plant::Plant(std::uint64_t seed, Seconds start_of_day) : random_(seed), start_of_day_(start_of_day) { measure(); }

void Plant::run(Seconds time) {
    const auto count = static_cast<std::uint64_t>(std::floor(time / kStep + 1e-6));
    for (std::uint64_t i = 0; i < count; ++i) step();
}

Seconds Plant::time_of_day() const { return Seconds{std::fmod((start_of_day_ + elapsed()).count(), 86400.0)}; }

void Plant::step() {
    ++steps_;
    works_.source.step(time_of_day(), kStep, random_);
    works_.demand.step(time_of_day(), kStep, random_);
    control_intake();
    control_distribution();
    step_intake();
    step_treatment();
    step_distribution();
    measure();
}

void Plant::control_intake() {
    const bool full = works_.switches.raw_high_high.update(works_.raw_tank.level_m());
    works_.switches.raw_low_low.update(works_.raw_tank.level_m());
    for (Pump& pump : works_.intake_pumps) pump.set_interlock(full);
    const std::size_t asked = level_control_.pumps_for(works_.sensors.raw_level.value(), works_.controls.raw_level_m);
    intake_group_.run(works_.intake_pumps, works_.controls.intake_enabled ? asked : 0, 1.0, kStep);
}

std::size_t Plant::available_pressure_pumps() const {
    return static_cast<std::size_t>(std::ranges::count_if(works_.pressure_pumps, &Pump::is_available));
}

void Plant::control_distribution() {
    works_.switches.clear_low_low.update(works_.clear_tank.level_m());
    works_.switches.clear_high_high.update(works_.clear_tank.level_m());
    const bool low = suction_low_.update(works_.sensors.clear_level.value());
    for (Pump& pump : works_.pressure_pumps) pump.set_interlock(low);
    if (!works_.controls.distribution_enabled) {
        pressure_group_.run(works_.pressure_pumps, 0, 0.0, kStep);
        return;
    }
    const PressureControl::Inputs inputs{
        .setpoint_bar = works_.controls.pressure_bar,
        .pressure_bar = works_.sensors.pressure.value(),
        .suction_bar = works_.clear_tank.level_m() * kBarPerMetre,
        .flow_m3h = works_.sensors.network_flow.value(),
        .available = available_pressure_pumps(),
    };
    const auto command = pressure_control_.step(inputs, kStep);
    pressure_group_.run(works_.pressure_pumps, command.pumps, command.speed, kStep);
}

void Plant::step_intake() {
    const double head_bar = kIntakeLift_bar + works_.raw_tank.level_m() * kBarPerMetre;
    const bool wet = works_.source.level_m() > kRiverDry_m;
    for (Pump& pump : works_.intake_pumps) pump.step(head_bar, wet, kStep);
    intake_m3h_ = total_flow(works_.intake_pumps);
    const double inflow_m3 = volume_m3(intake_m3h_, kStep);
    works_.totals.intake_m3 += inflow_m3;
    works_.totals.overflow_m3 += works_.raw_tank.add(inflow_m3);
}

void Plant::step_treatment() {
    Works& w = works_;
    const bool dry = raw_low_.update(w.sensors.raw_level.value());
    const double error_m = w.controls.clear_level_m - w.sensors.clear_level.value();
    const Filtration::Inputs inputs{
        .enabled = w.controls.filtration_enabled && !dry && !w.switches.clear_high_high.is_active(),
        .wanted_m3h =
            std::clamp(kUsualFiltration_m3h + kLevelGain_m3h_per_m * error_m, kMinimumFiltration_m3h, kMaximumFiltration_m3h),
        .raw_level_m = w.raw_tank.level_m(),
        .wash_permitted = w.sensors.clear_level.value() > kWashReserve_m,
    };
    w.filtration.step(inputs, kStep);
    double filtered_m3 = 0.0;
    for (Filter& filter : w.filtration.filters()) {
        const double passed_m3 = w.raw_tank.take(volume_m3(filter.filtered_m3h(), kStep));
        filter.load(passed_m3, w.source.turbidity_ntu());
        filtered_m3 += passed_m3;
    }
    filtered_m3h_ = flow_m3h(filtered_m3, kStep);
    w.totals.wasted_m3 += w.raw_tank.take(volume_m3(w.filtration.rinse_m3h(), kStep));

    w.dosing.step({w.controls.dosing_enabled, filtered_m3h_, w.sensors.residual.value()}, kStep);
    const double wash_m3 = w.clear_tank.take(volume_m3(w.filtration.wash_m3h(), kStep));
    w.totals.wasted_m3 += wash_m3;
    w.chlorine.step(w.dosing.dosed_g(), wash_m3, w.clear_tank.volume_m3() + wash_m3, kStep);
    w.totals.overflow_m3 += w.clear_tank.add(filtered_m3);
}

void Plant::step_distribution() {
    Works& w = works_;
    const double head_bar = w.network.pressure_bar() - w.clear_tank.level_m() * kBarPerMetre;
    const bool wet = w.clear_tank.level_m() > kSuctionDry_m;
    for (Pump& pump : w.pressure_pumps) pump.step(head_bar, wet, kStep);
    const double before_m3 = w.clear_tank.volume_m3();
    const double delivered_m3 = w.clear_tank.take(volume_m3(total_flow(w.pressure_pumps), kStep));
    w.chlorine.step(0.0, delivered_m3, before_m3, Seconds{0});
    delivered_m3h_ = flow_m3h(delivered_m3, kStep);
    w.totals.delivered_m3 += delivered_m3;
    w.totals.energy_kwh += power_kw(delivered_m3h_, std::max(0.0, head_bar)) * kStep.count() / 3600.0;
    const auto out = w.network.step(delivered_m3, w.demand.flow_m3h(), kStep);
    w.totals.consumed_m3 += out.consumed_m3;
    w.totals.leaked_m3 += out.leaked_m3;
}

void Plant::measure() {
    Sensors& s = works_.sensors;
    const auto read = [this](Sensor& sensor, double truth) { sensor.measure(truth, kStep, random_); };
    read(s.river_level, works_.source.level_m());
    read(s.raw_turbidity, works_.source.turbidity_ntu());
    read(s.intake_flow, intake_m3h_);
    read(s.raw_level, works_.raw_tank.level_m());
    read(s.filtered_flow, filtered_m3h_);
    read(s.filtered_turbidity, 0.08 + 0.01 * works_.source.turbidity_ntu());
    read(s.clear_level, works_.clear_tank.level_m());
    read(s.clear_temperature, works_.source.temperature_c());
    read(s.residual, works_.chlorine.concentration_mg_l(works_.clear_tank.volume_m3()));
    read(s.pressure, works_.network.pressure_bar());
    read(s.network_flow, delivered_m3h_);
}

void Plant::reset_trips() {
    for (Pump& pump : works_.intake_pumps) pump.reset();
    for (Pump& pump : works_.pressure_pumps) pump.reset();
}

}  // namespace penstock::plantsim
