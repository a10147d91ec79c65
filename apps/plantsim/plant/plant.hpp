// The simulated waterworks: physics and control, advanced by the caller, without a clock, a thread or any I/O.
//
// Two plants with the same seed and the same commands at the same steps are equal to the last bit. Water is neither made
// nor lost: intake = consumed + leaked + wasted + overflow + change of stored (see Totals and Works::stored_m3).
#pragma once

#include <cstdint>
#include <set>
#include <string>

#include "apps/plantsim/plant/fault.hpp"
#include "apps/plantsim/plant/level_control.hpp"
#include "apps/plantsim/plant/pressure_control.hpp"
#include "apps/plantsim/plant/pump_group.hpp"
#include "apps/plantsim/plant/random.hpp"
#include "apps/plantsim/plant/works.hpp"

namespace penstock::plantsim {

class Plant {
public:
    // `start_of_day` is the time of day at which the simulation begins.
    explicit Plant(std::uint64_t seed, Seconds start_of_day = Seconds{5.5 * 3600});

    // Advances by one kStep.
    void step();
    // Advances by as many whole steps as fit in `time`.
    void run(Seconds time);

    // Since the start.
    Seconds elapsed() const { return static_cast<double>(steps_) * kStep; }
    // Since midnight, below one day.
    Seconds time_of_day() const;

    Works& works() { return works_; }
    const Works& works() const { return works_; }

    // The operator's reset button: each trip whose cause is gone is taken back.
    void reset_trips();

    // Switches a fault on; answers a sentence for the log that names what it struck. Faults that concern the server and
    // not the water (Fault::strikes_server) are not for the plant: it answers them with an empty text.
    std::string apply(const Fault& fault);
    // Ends the faults of `kind` and repairs what they broke.
    void clear(FaultKind kind);
    // The kinds of faults that are on, "leak, drift"; empty if there is none.
    std::string active_faults_text() const;

private:
    void control_intake();
    void control_distribution();
    void step_intake();
    void step_treatment();
    void step_distribution();
    void measure();
    std::size_t available_pressure_pumps() const;

    std::string apply_leak(const Fault& fault);
    std::string apply_trip(const Fault& fault);
    std::string apply_stuck(const Fault& fault);
    std::string apply_drift(const Fault& fault);

    Random random_;
    Seconds start_of_day_;
    std::uint64_t steps_ = 0;
    Works works_;
    LevelControl level_control_{2};
    PressureControl pressure_control_{kPressurePump.curve};
    PumpGroup intake_group_{3, Seconds{4 * 3600}};
    PumpGroup pressure_group_{3, Seconds{6 * 3600}};
    LevelSwitch suction_low_{0.6, 1.0};
    LevelSwitch raw_low_{0.8, 1.2};
    double intake_m3h_ = 0.0;
    double delivered_m3h_ = 0.0;
    double filtered_m3h_ = 0.0;
    std::set<FaultKind> active_;
};

}  // namespace penstock::plantsim
