// An open/close valve with a motor drive: it needs its travel time, reports its position, and may be stuck.
#pragma once

#include "apps/plantsim/plant/units.hpp"

namespace penstock::plantsim {

class Valve {
public:
    // `travel` is the time from closed to open.
    Valve(Seconds travel, bool open);

    void command(bool open);
    void step(Seconds dt);

    // 0 closed to 1 open.
    double position() const { return position_; }
    bool is_open() const { return position_ >= 1.0 - kRounding; }
    bool is_closed() const { return position_ <= kRounding; }

    // True once the valve is late: it has not reached its commanded end within one and a half travel times.
    bool has_travel_fault() const { return late_; }

    // A stuck valve keeps its position and still accepts commands.
    void set_stuck(bool stuck) { stuck_ = stuck; }
    bool is_stuck() const { return stuck_; }

private:
    static constexpr double kRounding = 1e-9;  // of many small steps

    Seconds travel_;
    Seconds under_way_{0};
    double position_;
    bool open_command_;
    bool stuck_ = false;
    bool late_ = false;
};

}  // namespace penstock::plantsim
