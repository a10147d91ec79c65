// The pipe network of the town: elastic storage that the pumps fill and the consumers and leaks empty.
#pragma once

#include "apps/plantsim/plant/units.hpp"

namespace penstock::plantsim {

class Network {
public:
    static constexpr double kReferenceBar = 5.0;
    static constexpr double kElasticity = 0.8;  // m3 per bar

    struct Outflow {
        double consumed_m3;
        double leaked_m3;
    };

    explicit Network(double pressure_bar) : stored_m3_(pressure_bar * kElasticity) {}

    double pressure_bar() const { return stored_m3_ / kElasticity; }
    double stored_m3() const { return stored_m3_; }

    // A leak that loses so much at the reference pressure; 0 is a tight network.
    void set_leak_m3h(double flow) { leak_m3h_ = flow; }
    double leak_m3h() const { return leak_m3h_; }

    // Takes in `inflow_m3`, lets out what consumers and leaks draw; both draw with the root of the pressure.
    [[nodiscard]] Outflow step(double inflow_m3, double demand_m3h, Seconds dt);

private:
    double stored_m3_;
    double leak_m3h_ = 0.0;
};

}  // namespace penstock::plantsim
