// The faults that strike the water: Plant::apply and Plant::clear.
#include <algorithm>
#include <charconv>

#include "apps/plantsim/plant/plant.hpp"

namespace penstock::plantsim {
namespace {

constexpr double kDefaultLeak_m3h = 80.0;
constexpr double kDefaultDrift_per_h = 0.5;

// The number at the end of "filter_3" or "intake_pump_1", counted from 0. The name was checked by parse_fault.
std::size_t index_of(std::string_view name) { return static_cast<std::size_t>(name.back() - '1'); }

template <class Pumps>
std::string running_pump(const std::string& prefix, const Pumps& pumps) {
    const auto found = std::ranges::find_if(pumps, &Pump::is_running);
    const auto index = found == pumps.end() ? 0 : found - pumps.begin();
    return prefix + std::to_string(index + 1);
}

Sensor& sensor_named(Sensors& sensors, std::string_view name) {
    if (name == "raw_tank.level") return sensors.raw_level;
    if (name == "network.pressure") return sensors.pressure;
    if (name == "dosing.residual") return sensors.residual;
    return sensors.clear_level;
}

std::string number(double value) {
    char text[32];
    const auto [end, error] = std::to_chars(std::begin(text), std::end(text), value);
    return error == std::errc{} ? std::string(text, end) : std::string("?");
}

}  // namespace

std::string Plant::apply(const Fault& fault) {
    if (fault.strikes_server() || fault.kind == FaultKind::clear) return {};
    // A trip is over once it has happened; the others last.
    if (fault.kind != FaultKind::trip) active_.insert(fault.kind);
    switch (fault.kind) {
        case FaultKind::leak: return apply_leak(fault);
        case FaultKind::trip: return apply_trip(fault);
        case FaultKind::stuck: return apply_stuck(fault);
        case FaultKind::drift: return apply_drift(fault);
        default: return {};
    }
}

std::string Plant::apply_leak(const Fault& fault) {
    const double flow_m3h = fault.amount.value_or(kDefaultLeak_m3h);
    works_.network.set_leak_m3h(flow_m3h);
    return "the network leaks " + number(flow_m3h) + " m3/h at 5 bar";
}

std::string Plant::apply_trip(const Fault& fault) {
    const std::string name = fault.target.empty() ? running_pump("pressure_pump_", works_.pressure_pumps) : fault.target;
    auto& pumps = name.starts_with("intake") ? works_.intake_pumps : works_.pressure_pumps;
    pumps[index_of(name)].overheat();
    return name + " overheats and trips";
}

std::string Plant::apply_stuck(const Fault& fault) {
    auto& filters = works_.filtration.filters();
    const auto dirtiest = std::ranges::max_element(filters, {}, &Filter::clogging) - filters.begin();
    const std::size_t index = fault.target.empty() ? static_cast<std::size_t>(dirtiest) : index_of(fault.target);
    filters[index].inlet().set_stuck(true);
    return "the inlet valve of filter_" + std::to_string(index + 1) + " is stuck";
}

std::string Plant::apply_drift(const Fault& fault) {
    const std::string name = fault.target.empty() ? "clear_tank.level" : fault.target;
    const double rate = fault.amount.value_or(kDefaultDrift_per_h);
    sensor_named(works_.sensors, name).set_drift_per_hour(rate);
    return name + " drifts by " + number(rate) + " per hour";
}

std::string Plant::active_faults_text() const {
    std::string text;
    for (const FaultKind kind : active_) text += (text.empty() ? "" : ", ") + std::string(fault_name(kind));
    return text;
}

void Plant::clear(FaultKind kind) {
    if (active_.erase(kind) == 0 && kind != FaultKind::trip) return;
    Sensors& s = works_.sensors;
    switch (kind) {
        case FaultKind::leak: works_.network.set_leak_m3h(0.0); return;
        case FaultKind::trip:
            for (Pump& pump : works_.intake_pumps) pump.repair();
            for (Pump& pump : works_.pressure_pumps) pump.repair();
            return;
        case FaultKind::stuck:
            for (Filter& filter : works_.filtration.filters()) filter.inlet().set_stuck(false);
            return;
        case FaultKind::drift:
            for (Sensor* sensor : {&s.clear_level, &s.raw_level, &s.pressure, &s.residual}) sensor->set_drift_per_hour(0.0);
            return;
        default: return;
    }
}

}  // namespace penstock::plantsim
