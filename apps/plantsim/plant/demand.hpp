// What the town draws at the reference pressure over the day: low at night, a peak in the morning, one in the evening.
#pragma once

#include "apps/plantsim/plant/random.hpp"
#include "apps/plantsim/plant/units.hpp"

namespace penstock::plantsim {

class Demand {
public:
    // `mean_m3h` is the average over a day.
    explicit Demand(double mean_m3h) : mean_m3h_(mean_m3h) {}

    // The shape of the day without its noise, as a factor whose daily average is 1. `of_day` may be any time.
    static double daily_factor(Seconds of_day);

    // One step; taps opening and closing make the flow wander by a few percent over some minutes.
    void step(Seconds of_day, Seconds dt, Random& random);

    double flow_m3h() const { return flow_m3h_; }

private:
    double mean_m3h_;
    double wander_ = 0.0;
    double flow_m3h_ = 0.0;
};

}  // namespace penstock::plantsim
