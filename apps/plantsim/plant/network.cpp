#include "apps/plantsim/plant/network.hpp"

#include <algorithm>
#include <cmath>

namespace penstock::plantsim {

Network::Outflow Network::step(double inflow_m3, double demand_m3h, Seconds dt) {
    stored_m3_ += inflow_m3;
    const double draw = std::sqrt(pressure_bar() / kReferenceBar);
    const double consumed_m3 = std::min(stored_m3_, volume_m3(demand_m3h * draw, dt));
    stored_m3_ -= consumed_m3;
    const double leaked_m3 = std::min(stored_m3_, volume_m3(leak_m3h_ * draw, dt));
    stored_m3_ -= leaked_m3;
    return {consumed_m3, leaked_m3};
}

}  // namespace penstock::plantsim
