#include "apps/plantsim/plant/valve.hpp"

#include <algorithm>

namespace penstock::plantsim {

Valve::Valve(Seconds travel, bool open) : travel_(travel), position_(open ? 1.0 : 0.0), open_command_(open) {}

void Valve::command(bool open) {
    if (open == open_command_) return;
    open_command_ = open;
    under_way_ = Seconds{0};
}

void Valve::step(Seconds dt) {
    if (!stuck_) {
        const double way = dt / travel_;
        position_ = std::clamp(position_ + (open_command_ ? way : -way), 0.0, 1.0);
    }
    const bool arrived = open_command_ ? is_open() : is_closed();
    under_way_ = arrived ? Seconds{0} : under_way_ + dt;
    late_ = under_way_ > 1.5 * travel_;
}

}  // namespace penstock::plantsim
