// Chlorine dosing in proportion to the filtered flow, trimmed by the residual that is measured in the clear-water tank.
#pragma once

#include "apps/plantsim/plant/units.hpp"

namespace penstock::plantsim {

class Dosing {
public:
    static constexpr double kTank_l = 400.0;
    static constexpr double kStrength_g_per_l = 120.0;  // sodium hypochlorite, 12 %

    struct Inputs {
        bool enabled;
        double flow_m3h;         // filtered water at the dosing point
        double residual_mg_l;    // measured
    };

    void set_auto(bool automatic) { auto_ = automatic; }
    bool is_auto() const { return auto_; }
    void set_residual_setpoint_mg_l(double value) { setpoint_mg_l_ = value; }
    double residual_setpoint_mg_l() const { return setpoint_mg_l_; }
    void set_manual_rate_l_h(double rate) { manual_rate_l_h_ = rate; }
    double manual_rate_l_h() const { return manual_rate_l_h_; }

    // One step. No flow, no dosing: concentrated chlorine must not collect in a standing pipe, in manual neither.
    void step(const Inputs& inputs, Seconds dt);

    // Chlorine that this step put into the water.
    double dosed_g() const { return dosed_g_; }
    double rate_l_h() const { return rate_l_h_; }
    bool is_running() const { return rate_l_h_ > 0.0; }
    // Stock in the chemical tank; a lorry fills it up when it runs low.
    double tank_percent() const { return 100.0 * tank_l_ / kTank_l; }

private:
    double wanted_rate_l_h(const Inputs& inputs, Seconds dt);
    void take_delivery(Seconds dt);

    bool auto_ = true;
    bool delivering_ = false;
    double setpoint_mg_l_ = 0.5;
    double manual_rate_l_h_ = 1.2;
    double trim_mg_l_ = 0.1;
    double rate_l_h_ = 0.0;
    double dosed_g_ = 0.0;
    double tank_l_ = 310.0;
};

// Chlorine in the clear-water tank, ideally mixed and decaying.
class Chlorine {
public:
    Chlorine(double concentration_mg_l, double volume_m3) : mass_g_(concentration_mg_l * volume_m3) {}

    // `out_m3` leaves a tank that holds `volume_m3` before it leaves.
    void step(double dosed_g, double out_m3, double volume_m3, Seconds dt);
    double concentration_mg_l(double volume_m3) const { return volume_m3 > 0.0 ? mass_g_ / volume_m3 : 0.0; }

private:
    double mass_g_;
};

}  // namespace penstock::plantsim
