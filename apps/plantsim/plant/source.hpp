// The river at the intake: its level, its turbidity and its temperature wander over hours.
#pragma once

#include "apps/plantsim/plant/random.hpp"
#include "apps/plantsim/plant/units.hpp"

namespace penstock::plantsim {

class Source {
public:
    void step(Seconds of_day, Seconds dt, Random& random);

    double level_m() const { return 2.4 + 0.25 * level_wander_; }
    double turbidity_ntu() const;
    double temperature_c() const { return temperature_c_; }

private:
    double level_wander_ = 0.0;
    double turbidity_wander_ = 0.0;
    double temperature_c_ = 8.0;
};

}  // namespace penstock::plantsim
