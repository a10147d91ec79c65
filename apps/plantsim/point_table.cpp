#include "apps/plantsim/point_table.hpp"

#include "apps/plantsim/point_builder.hpp"
#include "apps/plantsim/simulation.hpp"

namespace penstock::plantsim {
namespace {

using S = const Simulation&;
using M = Simulation&;

const Works& works(S s) { return s.plant.works(); }
Works& works(M s) { return s.plant.works(); }
double flag(bool on) { return on ? 1.0 : 0.0; }
std::size_t at(int index) { return static_cast<std::size_t>(index); }

void add_plant(PointBuilder& t) {
    t.area("works");
    t.input("plant.elapsed", 0, "Simulated time since the start")
        .number(RawType::uint32, 4294967295.0, "s")
        .reads([](S s, int) { return s.plant.elapsed().count(); });
    t.input("plant.time_of_day", 2, "Simulated time since midnight").number(RawType::uint16, 1439, "min").reads([](S s, int) {
        return s.plant.time_of_day().count() / 60.0;
    });
    t.input("plant.heartbeat", 3, "Counts simulated seconds and wraps: it stands still when values are frozen")
        .number(RawType::uint16, 65535, "")
        .reads([](S s, int) { return static_cast<double>(static_cast<std::uint64_t>(s.plant.elapsed().count()) % 65536); });
    t.input("plant.stored_volume", 4,
            "Water in both tanks: its change is intake.total - network.total - filters.waste_total - clear_tank.overflow_total")
        .real(0, 3000, "m3")
        .slow()
        .reads([](S s, int) { return works(s).tanks_m3(); });
    t.holding("plant.time_factor", 30, "Simulated seconds per second")
        .number(RawType::uint16, Simulation::kFastest, "")
        .from(Simulation::kSlowest)
        .reads([](S s, int) { return s.time_factor; })
        .writes([](M s, int, double v) { s.time_factor = v; });
    t.coil("plant.reset_trips", 60, "Write 1: take back every trip whose cause is gone; always reads 0")
        .reads([](S, int) { return 0.0; })
        .writes([](M s, int, double v) {
            if (v != 0.0) s.plant.reset_trips();
        });
    t.holding("plant.intake_enabled", 20, "Automatic intake runs")
        .bit(0)
        .reads([](S s, int) { return flag(works(s).controls.intake_enabled); })
        .writes([](M s, int, double v) { works(s).controls.intake_enabled = v != 0.0; });
    t.holding("plant.filtration_enabled", 20, "Automatic filtration runs")
        .bit(1)
        .reads([](S s, int) { return flag(works(s).controls.filtration_enabled); })
        .writes([](M s, int, double v) { works(s).controls.filtration_enabled = v != 0.0; });
    t.holding("plant.dosing_enabled", 20, "Chlorine dosing runs")
        .bit(2)
        .reads([](S s, int) { return flag(works(s).controls.dosing_enabled); })
        .writes([](M s, int, double v) { works(s).controls.dosing_enabled = v != 0.0; });
    t.holding("plant.distribution_enabled", 20, "Automatic network pressure control runs")
        .bit(3)
        .reads([](S s, int) { return flag(works(s).controls.distribution_enabled); })
        .writes([](M s, int, double v) { works(s).controls.distribution_enabled = v != 0.0; });
}

void add_intake(PointBuilder& t) {
    t.area("works/intake");
    t.input("intake.river_level", 10, "River level at the intake").analog(0, 6, "m").slow().reads([](S s, int) {
        return works(s).sensors.river_level.value();
    });
    t.input("intake.flow", 11, "Raw water into the works").analog(0, 800, "m3/h").reads([](S s, int) {
        return works(s).sensors.intake_flow.value();
    });
    t.input("intake.turbidity.value", 12, "Turbidity of the raw water").analog(0, 100, "NTU").slow().reads([](S s, int) {
        return works(s).sensors.raw_turbidity.value();
    });
    t.input("intake.total", 14, "Raw water taken since the start").hundredths("m3").reads([](S s, int) {
        return works(s).totals.intake_m3;
    });
}

void add_intake_pump(PointBuilder& t, int i) {
    const std::string pump = "intake_pump_" + std::to_string(i + 1);
    const std::string label = "Intake pump " + std::to_string(i + 1);
    t.input(pump + ".running", 20 + i, label + " turns").bit(1).of(i).reads([](S s, int k) {
        return flag(works(s).intake_pumps[at(k)].is_running());
    });
    t.input(pump + ".tripped", 20 + i, label + " was stopped by its protection").bit(4).of(i).reads([](S s, int k) {
        return flag(works(s).intake_pumps[at(k)].is_tripped());
    });
    t.input(pump + ".run_time", 30 + 2 * i, label + " has run for so long")
        .number(RawType::uint32, 4294967295.0, "s")
        .slow()
        .of(i)
        .reads([](S s, int k) { return works(s).intake_pumps[at(k)].run_seconds(); });
    t.coil(pump + ".auto", i, label + " is in automatic mode")
        .of(i)
        .reads([](S s, int k) { return flag(works(s).intake_pumps[at(k)].is_auto()); })
        .writes([](M s, int k, double v) { works(s).intake_pumps[at(k)].set_auto(v != 0.0); });
    t.coil(pump + ".start", 4 + i, label + " is started by hand; counts in manual mode only")
        .of(i)
        .reads([](S s, int k) { return flag(works(s).intake_pumps[at(k)].manual_start()); })
        .writes([](M s, int k, double v) { works(s).intake_pumps[at(k)].set_manual_start(v != 0.0); });
}

void add_raw_tank(PointBuilder& t) {
    t.area("works/intake");
    t.input("raw_tank.level", 40, "Level of the raw-water tank").analog(0, 5, "m").reads([](S s, int) {
        return works(s).sensors.raw_level.value();
    });
    t.holding("raw_tank.level_setpoint", 0, "Level that the intake pumps hold")
        .analog(0, 5, "m")
        .reads([](S s, int) { return works(s).controls.raw_level_m; })
        .writes([](M s, int, double v) { works(s).controls.raw_level_m = v; });
    t.discrete("raw_tank.high_high", 0, "Float switch at 4.7 m: stops the intake pumps").reads([](S s, int) {
        return flag(works(s).switches.raw_high_high.is_active());
    });
    t.discrete("raw_tank.low_low", 1, "Float switch at 0.6 m").reads([](S s, int) {
        return flag(works(s).switches.raw_low_low.is_active());
    });
}

void add_filter(PointBuilder& t, int i) {
    const std::string filter = "filter_" + std::to_string(i + 1);
    const std::string label = "Filter " + std::to_string(i + 1);
    const int base = 50 + 10 * i;
    t.input(filter + ".flow", base, label + ": filtered water").analog(0, 200, "m3/h").of(i).reads([](S s, int k) {
        return works(s).filtration.filters()[at(k)].filtered_m3h();
    });
    t.input(filter + ".head_loss", base + 1, label + ": pressure lost across the bed")
        .scaled(RawType::uint16, 1000, 0, 1, "bar")
        .of(i)
        .reads([](S s, int k) { return works(s).filtration.filters()[at(k)].head_loss_bar(); });
    t.input(filter + ".state", base + 2, label + ": 0 filtering, 1 closing, 2 air scour, 3 backwash, 4 settling, 5 rinsing")
        .number(RawType::uint16, 5, "")
        .of(i)
        .reads([](S s, int k) { return static_cast<double>(works(s).filtration.filters()[at(k)].state()); });
    t.input(filter + ".inlet.position", base + 3, label + ": position of the inlet valve")
        .analog(0, 100, "%")
        .of(i)
        .reads([](S s, int k) { return 100.0 * works(s).filtration.filters()[at(k)].inlet().position(); });
    t.discrete(filter + ".inlet.fault", 10 + i, label + ": the inlet valve does not reach its commanded end")
        .of(i)
        .reads([](S s, int k) { return flag(works(s).filtration.filters()[at(k)].inlet().has_travel_fault()); });
    t.coil(filter + ".backwash", 40 + i, label + ": write 1 to wash it as soon as it is its turn; 1 until it is washed")
        .of(i)
        .reads([](S s, int k) {
            const Filtration& f = works(s).filtration;
            return flag(f.is_wash_requested(at(k)) || f.filters()[at(k)].state() != FilterState::filtering);
        })
        .writes([](M s, int k, double v) { works(s).filtration.request_wash(at(k), v != 0.0); });
}

void add_filters(PointBuilder& t) {
    t.area("works/treatment/filters");
    for (int i = 0; i < 4; ++i) add_filter(t, i);
    t.input("filters.flow", 90, "Filtered water, all filters").real(0, 800, "m3/h").reads([](S s, int) {
        return works(s).sensors.filtered_flow.value();
    });
    t.input("filters.turbidity.value", 92, "Turbidity of the filtered water").real(0, 5, "NTU").slow().reads([](S s, int) {
        return works(s).sensors.filtered_turbidity.value();
    });
    t.input("filters.waste_total", 94, "Backwash and rinse water to the sewer since the start")
        .hundredths("m3")
        .reads([](S s, int) { return works(s).totals.wasted_m3; });
    t.holding("filters.backwash_head_loss", 7, "A filter is washed when it loses more pressure than this")
        .scaled(RawType::uint16, 1000, 0, 1, "bar")
        .reads([](S s, int) { return works(s).filtration.wash_head_loss_bar(); })
        .writes([](M s, int, double v) { works(s).filtration.set_wash_head_loss_bar(v); });
}

void add_dosing(PointBuilder& t) {
    t.area("works/treatment/dosing");
    t.input("dosing.residual", 110, "Free chlorine in the clear-water tank")
        .real(0, 2, "mg/l", WordOrder::cdab)
        .reads([](S s, int) { return works(s).sensors.residual.value(); });
    t.holding("dosing.residual_setpoint", 4, "Free chlorine that the dosing holds")
        .real(0, 1, "mg/l", WordOrder::cdab)
        .reads([](S s, int) { return works(s).dosing.residual_setpoint_mg_l(); })
        .writes([](M s, int, double v) { works(s).dosing.set_residual_setpoint_mg_l(v); });
    t.input("dosing.rate", 112, "Chlorine solution dosed").real(0, 6, "l/h", WordOrder::cdab).reads([](S s, int) {
        return works(s).dosing.rate_l_h();
    });
    t.holding("dosing.manual_rate", 6, "Chlorine solution to dose in manual mode")
        .scaled(RawType::uint16, 600, 0, 6, "l/h")
        .reads([](S s, int) { return works(s).dosing.manual_rate_l_h(); })
        .writes([](M s, int, double v) { works(s).dosing.set_manual_rate_l_h(v); });
    t.input("dosing.tank_level", 114, "Chlorine solution in store").analog(0, 100, "%").slow().reads([](S s, int) {
        return works(s).dosing.tank_percent();
    });
    t.discrete("dosing.running", 20, "The dosing pump turns").reads([](S s, int) {
        return flag(works(s).dosing.is_running());
    });
    t.coil("dosing.auto", 50, "Dosing follows flow and residual; off: the manual rate")
        .reads([](S s, int) { return flag(works(s).dosing.is_auto()); })
        .writes([](M s, int, double v) { works(s).dosing.set_auto(v != 0.0); });
}

void add_clear_tank(PointBuilder& t) {
    t.area("works/storage");
    t.input("clear_tank.level", 100, "Level of the clear-water tank").real(0, 6, "m").reads([](S s, int) {
        return works(s).sensors.clear_level.value();
    });
    t.holding("clear_tank.level_setpoint", 1, "Level that the filtration holds")
        .analog(0, 6, "m")
        .reads([](S s, int) { return works(s).controls.clear_level_m; })
        .writes([](M s, int, double v) { works(s).controls.clear_level_m = v; });
    t.input("clear_tank.temperature", 104, "Water temperature").signed_hundredths(-40, 80, "°C").slow().reads([](S s, int) {
        return works(s).sensors.clear_temperature.value();
    });
    t.input("clear_tank.overflow_total", 106, "Water lost over the weirs of both tanks since the start")
        .hundredths("m3")
        .reads([](S s, int) { return works(s).totals.overflow_m3; });
    t.discrete("clear_tank.high_high", 2, "Float switch at 5.8 m: stops the filters").reads([](S s, int) {
        return flag(works(s).switches.clear_high_high.is_active());
    });
    t.discrete("clear_tank.low_low", 3, "Float switch at 0.4 m").reads([](S s, int) {
        return flag(works(s).switches.clear_low_low.is_active());
    });
}

void add_network(PointBuilder& t) {
    t.area("works/distribution");
    t.input("network.pressure", 120, "Pressure at the outlet of the works").real(0, 10, "bar").reads([](S s, int) {
        return works(s).sensors.pressure.value();
    });
    t.holding("network.pressure_setpoint", 2, "Pressure that the pressure pumps hold")
        .real(2, 6.5, "bar")
        .reads([](S s, int) { return works(s).controls.pressure_bar; })
        .writes([](M s, int, double v) { works(s).controls.pressure_bar = v; });
    t.input("network.flow", 122, "Water into the network").real(0, 1200, "m3/h").reads([](S s, int) {
        return works(s).sensors.network_flow.value();
    });
    t.input("network.total", 124, "Water into the network since the start").hundredths("m3").reads([](S s, int) {
        return works(s).totals.delivered_m3;
    });
    t.input("network.energy", 126, "Energy used by the pressure pumps since the start").hundredths("kWh").reads([](S s, int) {
        return works(s).totals.energy_kwh;
    });
}

void add_pressure_pump(PointBuilder& t, int i) {
    const std::string pump = "pressure_pump_" + std::to_string(i + 1);
    const std::string label = "Pressure pump " + std::to_string(i + 1);
    t.input(
         pump + ".status", 130 + i,
         label
             + ": bits 0 ready, 1 running, 2 starting, 3 stopping, 4 tripped, 5 thermal, 6 dry run, 7 interlocked, 8 automatic")
        .number(RawType::uint16, 511, "")
        .of(i)
        .reads([](S s, int k) { return static_cast<double>(works(s).pressure_pumps[at(k)].status_word()); });
    t.input(pump + ".running", 130 + i, label + " turns").bit(1).of(i).reads([](S s, int k) {
        return flag(works(s).pressure_pumps[at(k)].is_running());
    });
    t.input(pump + ".tripped", 130 + i, label + " was stopped by its protection").bit(4).of(i).reads([](S s, int k) {
        return flag(works(s).pressure_pumps[at(k)].is_tripped());
    });
    t.input(pump + ".speed", 134 + i, label + ": speed").analog(0, 100, "%").of(i).reads([](S s, int k) {
        return 100.0 * works(s).pressure_pumps[at(k)].speed();
    });
    t.input(pump + ".current", 138 + i, label + ": motor current")
        .scaled(RawType::uint16, 2000, 0, 200, "A")
        .of(i)
        .reads([](S s, int k) { return works(s).pressure_pumps[at(k)].current_a(); });
    t.input(pump + ".run_time", 142 + 2 * i, label + " has run for so long")
        .number(RawType::uint32, 4294967295.0, "s")
        .slow()
        .of(i)
        .reads([](S s, int k) { return works(s).pressure_pumps[at(k)].run_seconds(); });
    t.coil(pump + ".auto", 20 + i, label + " is in automatic mode")
        .of(i)
        .reads([](S s, int k) { return flag(works(s).pressure_pumps[at(k)].is_auto()); })
        .writes([](M s, int k, double v) { works(s).pressure_pumps[at(k)].set_auto(v != 0.0); });
    t.coil(pump + ".start", 24 + i, label + " is started by hand; counts in manual mode only")
        .of(i)
        .reads([](S s, int k) { return flag(works(s).pressure_pumps[at(k)].manual_start()); })
        .writes([](M s, int k, double v) { works(s).pressure_pumps[at(k)].set_manual_start(v != 0.0); });
    t.holding(pump + ".manual_speed", 10 + i, label + ": speed in manual mode")
        .analog(0, 100, "%")
        .of(i)
        .reads([](S s, int k) { return 100.0 * works(s).pressure_pumps[at(k)].manual_speed(); })
        .writes([](M s, int k, double v) { works(s).pressure_pumps[at(k)].set_manual_speed(v / 100.0); });
}

std::vector<Point> build() {
    PointBuilder t;
    add_plant(t);
    add_intake(t);
    for (int i = 0; i < 3; ++i) add_intake_pump(t, i);
    add_raw_tank(t);
    add_filters(t);
    add_dosing(t);
    add_clear_tank(t);
    add_network(t);
    for (int i = 0; i < 3; ++i) add_pressure_pump(t, i);
    return t.take();
}

}  // namespace

std::span<const Point> point_table() {
    static const std::vector<Point> table = build();
    return table;
}

}  // namespace penstock::plantsim
