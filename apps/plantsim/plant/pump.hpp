// One centrifugal pump with its motor, its protection and its switch "automatic / manual".
//
// Who decides: a tripped or interlocked pump stands still, in manual too. Otherwise the automatic command counts in
// automatic mode and the operator's in manual mode. A trip stays until it is reset, and a reset is refused while the
// cause lasts (winding still hot, suction still dry). A trip takes back the manual start, so a reset never starts a pump
// that somebody had started by hand.
#pragma once

#include <cstdint>

#include "apps/plantsim/plant/units.hpp"

namespace penstock::plantsim {

// Head over flow at a speed n (0 to 1): head = shutoff_head * n^2 - resistance * flow^2.
struct PumpCurve {
    double shutoff_head_bar;
    double resistance;  // bar / (m3/h)^2

    // The flow against `head_bar`; 0 where the pump cannot lift so high (a check valve keeps the water from coming back)
    // and where it stands (its discharge valve closes, so that a full tank does not run out through it).
    double flow_m3h(double speed, double head_bar) const;
};

struct PumpDesign {
    PumpCurve curve;
    double rated_flow_m3h;
    double rated_current_a;
    Seconds ramp;  // from standstill to full speed, and back
};

enum class Trip : std::uint8_t { none, thermal, dry_run };

class Pump {
public:
    explicit Pump(const PumpDesign& design) : design_(design) {}

    // The operator's switches. Going to manual is bumpless: the pump goes on as it was. A start by hand is taken in manual
    // mode only, and not by a pump that tripped.
    void set_auto(bool automatic);
    void set_manual_start(bool start);
    void set_manual_speed(double speed) { manual_speed_ = speed; }
    void reset();

    // The controller's commands.
    void set_auto_command(bool run, double speed);
    void set_interlock(bool active) { interlocked_ = active; }

    // One step against `head_bar` (pressure side minus suction side); `suction_wet` tells whether there is water to lift.
    void step(double head_bar, bool suction_wet, Seconds dt);

    // The winding overheats as after a jammed impeller: the thermal protection trips in the next step.
    void overheat();
    // A cold winding and no trip.
    void repair();

    double flow_m3h() const { return flow_m3h_; }
    double speed() const { return speed_; }
    double current_a() const { return current_a_; }
    double winding_c() const { return winding_c_; }
    double run_seconds() const { return run_time_.count(); }
    std::uint32_t starts() const { return starts_; }
    double manual_speed() const { return manual_speed_; }
    bool manual_start() const { return manual_start_; }
    bool is_auto() const { return auto_; }
    bool is_running() const { return speed_ > 0.0; }
    bool is_tripped() const { return trip_ != Trip::none; }
    bool is_interlocked() const { return interlocked_; }
    // The controller may use it.
    bool is_available() const { return auto_ && !is_tripped() && !interlocked_; }
    Trip trip() const { return trip_; }
    const PumpCurve& curve() const { return design_.curve; }

    // Bits: 0 ready, 1 running, 2 starting, 3 stopping, 4 tripped, 5 thermal, 6 dry run, 7 interlocked, 8 automatic.
    std::uint16_t status_word() const;

private:
    double wanted_speed() const;
    void protect(bool suction_wet, Seconds dt);

    PumpDesign design_;
    Trip trip_ = Trip::none;
    bool auto_ = true;
    bool auto_run_ = false;
    bool manual_start_ = false;
    bool interlocked_ = false;
    bool suction_wet_ = true;
    double auto_speed_ = 1.0;
    double manual_speed_ = 1.0;
    double speed_ = 0.0;
    double flow_m3h_ = 0.0;
    double current_a_ = 0.0;
    double winding_c_ = 20.0;
    Seconds dry_for_{0};
    Seconds run_time_{0};
    std::uint32_t starts_ = 0;
};

}  // namespace penstock::plantsim
