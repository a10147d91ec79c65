// Holds the network pressure with speed-controlled pumps: a PI controller for the speed, and stages for their number.
#pragma once

#include <cstddef>

#include "apps/plantsim/plant/pump.hpp"
#include "apps/plantsim/plant/units.hpp"

namespace penstock::plantsim {

class PressureControl {
public:
    struct Inputs {
        double setpoint_bar;
        double pressure_bar;   // measured
        double suction_bar;
        double flow_m3h;       // measured, all pumps together
        std::size_t available; // pumps that could run
    };

    struct Command {
        std::size_t pumps;
        double speed;  // 0 to 1
    };

    explicit PressureControl(const PumpCurve& curve) : curve_(curve) {}

    Command step(const Inputs& inputs, Seconds dt);

private:
    void stage(const Inputs& inputs, Seconds dt);

    PumpCurve curve_;
    std::size_t pumps_ = 1;
    double speed_ = 0.8;
    double integral_ = 0.8;
    Seconds at_limit_{0};
    Seconds too_many_{0};
};

}  // namespace penstock::plantsim
