// What the register map reads and writes: the plant, and how fast its time goes.
#pragma once

#include "apps/plantsim/plant/plant.hpp"

namespace penstock::plantsim {

struct Simulation {
    static constexpr double kSlowest = 1.0;
    static constexpr double kFastest = 100.0;

    Plant plant;
    double time_factor = 1.0;  // simulated seconds per second
};

}  // namespace penstock::plantsim
