#include "apps/plantsim/plant/tank.hpp"

#include <algorithm>

namespace penstock::plantsim {

Tank::Tank(double area_m2, double height_m, double level_m)
    : area_m2_(area_m2), height_m_(height_m), volume_m3_(area_m2 * level_m) {}

double Tank::add(double volume_m3) {
    const double capacity_m3 = area_m2_ * height_m_;
    const double room_m3 = capacity_m3 - volume_m3_;
    if (volume_m3 <= room_m3) {
        volume_m3_ += volume_m3;
        return 0.0;
    }
    volume_m3_ = capacity_m3;
    return volume_m3 - room_m3;
}

double Tank::take(double volume_m3) {
    const double taken_m3 = std::min(volume_m3, volume_m3_);
    volume_m3_ -= taken_m3;
    return taken_m3;
}

}  // namespace penstock::plantsim
