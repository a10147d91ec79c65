#include "apps/plantsim/plant/sensor.hpp"

#include <algorithm>

namespace penstock::plantsim {

void Sensor::measure(double truth, Seconds dt, Random& random) {
    offset_ += drift_per_hour_ * dt.count() / 3600.0;
    value_ = std::max(floor_, truth + offset_ + noise_ * random.normal());
}

void Sensor::set_drift_per_hour(double rate) {
    drift_per_hour_ = rate;
    if (rate == 0.0) offset_ = 0.0;
}

}  // namespace penstock::plantsim
