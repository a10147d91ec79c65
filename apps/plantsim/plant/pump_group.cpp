#include "apps/plantsim/plant/pump_group.hpp"

#include <algorithm>

namespace penstock::plantsim {

PumpGroup::PumpGroup(std::size_t pumps, Seconds rotation) : rotation_(rotation), members_(pumps) {}

std::size_t PumpGroup::on_duty() const { return static_cast<std::size_t>(std::ranges::count_if(members_, &Member::on_duty)); }

void PumpGroup::run(std::span<Pump> pumps, std::size_t wanted, double speed, Seconds dt) {
    drop_unavailable(pumps);
    while (on_duty() < wanted && rested(pumps) < pumps.size()) join_one(pumps);
    while (on_duty() > wanted) leave_one(pumps);
    rotate(pumps);
    for (std::size_t i = 0; i < pumps.size(); ++i) {
        members_[i].since = members_[i].on_duty ? members_[i].since + dt : Seconds{0};
        pumps[i].set_auto_command(members_[i].on_duty, speed);
    }
}

void PumpGroup::drop_unavailable(std::span<const Pump> pumps) {
    for (std::size_t i = 0; i < pumps.size(); ++i) {
        if (!pumps[i].is_available()) members_[i].on_duty = false;
    }
}

std::size_t PumpGroup::rested(std::span<const Pump> pumps) const {
    std::size_t best = pumps.size();
    for (std::size_t i = 0; i < pumps.size(); ++i) {
        if (members_[i].on_duty || !pumps[i].is_available()) continue;
        if (best == pumps.size() || pumps[i].run_seconds() < pumps[best].run_seconds()) best = i;
    }
    return best;
}

void PumpGroup::join_one(std::span<const Pump> pumps) { members_[rested(pumps)].on_duty = true; }

void PumpGroup::leave_one(std::span<const Pump> pumps) {
    std::size_t most = pumps.size();
    for (std::size_t i = 0; i < pumps.size(); ++i) {
        if (!members_[i].on_duty) continue;
        if (most == pumps.size() || pumps[i].run_seconds() > pumps[most].run_seconds()) most = i;
    }
    members_[most].on_duty = false;
}

void PumpGroup::rotate(std::span<const Pump> pumps) {
    const std::size_t fresh = rested(pumps);
    if (fresh == pumps.size()) return;
    const auto tired = std::ranges::find_if(members_, [&](const Member& m) { return m.on_duty && m.since >= rotation_; });
    if (tired == members_.end()) return;
    tired->on_duty = false;
    members_[fresh].on_duty = true;
}

}  // namespace penstock::plantsim
