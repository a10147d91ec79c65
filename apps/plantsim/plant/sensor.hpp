// A transmitter: what the control system believes, as opposed to what is true.
#pragma once

#include "apps/plantsim/plant/random.hpp"
#include "apps/plantsim/plant/units.hpp"

namespace penstock::plantsim {

class Sensor {
public:
    // `noise` is the standard deviation in the unit of the measured quantity. A reading never falls below `floor`.
    explicit Sensor(double noise, double floor = 0.0) : noise_(noise), floor_(floor) {}

    // Takes one reading of `truth`.
    void measure(double truth, Seconds dt, Random& random);

    double value() const { return value_; }

    // Lets the reading run away from the truth by so much per simulated hour; 0 repairs the sensor at once.
    void set_drift_per_hour(double rate);
    bool is_drifting() const { return drift_per_hour_ != 0.0; }

private:
    double noise_;
    double floor_;
    double drift_per_hour_ = 0.0;
    double offset_ = 0.0;
    double value_ = 0.0;
};

}  // namespace penstock::plantsim
