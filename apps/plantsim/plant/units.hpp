// Units of the simulated works. Flows are m3/h, volumes m3, levels m, pressures bar, concentrations mg/l (= g/m3);
// a name says so where the type cannot. Time is injected: nothing in this folder reads a clock.
#pragma once

#include <chrono>

namespace penstock::plantsim {

using Seconds = std::chrono::duration<double>;

// The plant advances in steps of this length only, whatever the time factor, so that a run depends on its seed and
// on the order of commands alone.
inline constexpr Seconds kStep{0.2};

inline constexpr double kBarPerMetre = 0.0981;

// The volume that a flow moves during `dt`.
constexpr double volume_m3(double flow_m3h, Seconds dt) { return flow_m3h * dt.count() / 3600.0; }

// The flow that moves `volume` during `dt`.
constexpr double flow_m3h(double volume_m3, Seconds dt) { return volume_m3 * 3600.0 / dt.count(); }

}  // namespace penstock::plantsim
