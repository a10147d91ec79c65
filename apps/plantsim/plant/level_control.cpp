#include "apps/plantsim/plant/level_control.hpp"

#include <algorithm>

namespace penstock::plantsim {

namespace {

constexpr double kNear = 0.2;  // m
constexpr double kFar = 0.5;

}  // namespace

std::size_t LevelControl::pumps_for(double level_m, double setpoint_m) {
    const double error_m = setpoint_m - level_m;
    if (error_m > kFar)
        wanted_ = 2;
    else if (error_m > kNear)
        wanted_ = std::max<std::size_t>(wanted_, 1);
    if (error_m < -kFar)
        wanted_ = 0;
    else if (error_m < -kNear)
        wanted_ = std::min<std::size_t>(wanted_, 1);
    wanted_ = std::min(wanted_, most_);
    return wanted_;
}

}  // namespace penstock::plantsim
