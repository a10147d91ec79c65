// The parts of the waterworks, from the river to the town. `Plant` (plant.hpp) runs them; the register map shows them.
#pragma once

#include <array>

#include "apps/plantsim/plant/demand.hpp"
#include "apps/plantsim/plant/dosing.hpp"
#include "apps/plantsim/plant/filtration.hpp"
#include "apps/plantsim/plant/level_switch.hpp"
#include "apps/plantsim/plant/network.hpp"
#include "apps/plantsim/plant/pump.hpp"
#include "apps/plantsim/plant/sensor.hpp"
#include "apps/plantsim/plant/source.hpp"
#include "apps/plantsim/plant/tank.hpp"

namespace penstock::plantsim {

inline constexpr PumpDesign kIntakePump{{3.0, 3.75e-5}, 200.0, 48.0, Seconds{5}};
inline constexpr PumpDesign kPressurePump{{7.2, 3.25e-5}, 260.0, 92.0, Seconds{4}};

// What operators set. Each part that has setpoints of its own keeps them itself.
struct Controls {
    double raw_level_m = 3.4;
    double clear_level_m = 4.0;
    double pressure_bar = 5.0;
    bool intake_enabled = true;
    bool filtration_enabled = true;
    bool dosing_enabled = true;
    bool distribution_enabled = true;
};

// What the control system measures.
struct Sensors {
    Sensor river_level{0.002};
    Sensor raw_turbidity{0.02};
    Sensor intake_flow{0.5};
    Sensor raw_level{0.002};
    Sensor filtered_flow{0.5};
    Sensor filtered_turbidity{0.001};
    Sensor clear_level{0.002};
    Sensor clear_temperature{0.02, -40.0};
    Sensor residual{0.002};
    Sensor pressure{0.005};
    Sensor network_flow{0.5};
};

// Float switches see the true level, whatever the level transmitter says.
struct Switches {
    LevelSwitch raw_high_high{4.7, 4.5};
    LevelSwitch raw_low_low{0.6, 0.9};
    LevelSwitch clear_high_high{5.8, 5.6};
    LevelSwitch clear_low_low{0.4, 0.7};
};

// Counters since the start, true to the last drop.
struct Totals {
    double intake_m3 = 0.0;     // from the river
    double delivered_m3 = 0.0;  // from the clear-water tank into the network
    double consumed_m3 = 0.0;   // by the town
    double leaked_m3 = 0.0;     // by a leak in the network
    double wasted_m3 = 0.0;     // backwash and rinse water, to the sewer
    double overflow_m3 = 0.0;   // over the weirs of both tanks
    double energy_kwh = 0.0;    // of the pressure pumps
};

struct Works {
    Source source;
    std::array<Pump, 3> intake_pumps{Pump{kIntakePump}, Pump{kIntakePump}, Pump{kIntakePump}};
    Tank raw_tank{150.0, 5.0, 3.3};
    Filtration filtration;
    Dosing dosing;
    Tank clear_tank{300.0, 6.0, 4.0};
    Chlorine chlorine{0.48, 1200.0};
    std::array<Pump, 3> pressure_pumps{Pump{kPressurePump}, Pump{kPressurePump}, Pump{kPressurePump}};
    Network network{4.5};
    Demand demand{300.0};

    Controls controls;
    Sensors sensors;
    Switches switches;
    Totals totals;

    // The water in both tanks: what the works hold. Between the meters of the works, intake = delivered + wasted + overflow +
    // change of this.
    double tanks_m3() const { return raw_tank.volume_m3() + clear_tank.volume_m3(); }
    // And with the network. Up to the taps, intake = consumed + leaked + wasted + overflow + change of this.
    double stored_m3() const { return tanks_m3() + network.stored_m3(); }
};

}  // namespace penstock::plantsim
