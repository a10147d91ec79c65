#include "apps/plantsim/plant/level_control.hpp"

#include <algorithm>

namespace penstock::plantsim {

std::size_t LevelControl::pumps_for(double level_m, double setpoint_m) {
    constexpr double kNear_m = 0.2;
    constexpr double kFar_m = 0.5;
    const double error_m = setpoint_m - level_m;
    if (error_m > kFar_m)
        wanted_ = 2;
    else if (error_m > kNear_m)
        wanted_ = std::max<std::size_t>(wanted_, 1);
    if (error_m < -kFar_m)
        wanted_ = 0;
    else if (error_m < -kNear_m)
        wanted_ = std::min<std::size_t>(wanted_, 1);
    wanted_ = std::min(wanted_, most_);
    return wanted_;
}

}  // namespace penstock::plantsim
