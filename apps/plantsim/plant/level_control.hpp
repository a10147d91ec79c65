// How many intake pumps the raw-water tank needs: more below the setpoint, fewer above, with a dead zone between.
#pragma once

#include <cstddef>

namespace penstock::plantsim {

class LevelControl {
public:
    // `most` is the largest answer.
    explicit LevelControl(std::size_t most) : most_(most) {}

    // Below setpoint - 0.2 m one pump runs, below setpoint - 0.5 m two; they leave at + 0.2 m and + 0.5 m.
    std::size_t pumps_for(double level_m, double setpoint_m);

private:
    std::size_t most_;
    std::size_t wanted_ = 1;
};

}  // namespace penstock::plantsim
