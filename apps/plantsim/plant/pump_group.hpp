// Duty and standby: which of several equal pumps run when a controller wants so many of them.
#pragma once

#include <span>
#include <vector>

#include "apps/plantsim/plant/pump.hpp"

namespace penstock::plantsim {

// The pump with the fewest hours joins, the one with the most leaves; a pump that tripped, was interlocked or was
// taken to manual is replaced at once. A pump on duty for `rotation` without a break hands over to a rested one.
class PumpGroup {
public:
    PumpGroup(std::size_t pumps, Seconds rotation);

    // Commands the pumps: `wanted` of them run at `speed` (0 to 1), as far as so many are available.
    void run(std::span<Pump> pumps, std::size_t wanted, double speed, Seconds dt);

    // How many pumps are on duty now.
    std::size_t on_duty() const;

private:
    void drop_unavailable(std::span<const Pump> pumps);
    void join_one(std::span<const Pump> pumps);
    void leave_one(std::span<const Pump> pumps);
    void rotate(std::span<const Pump> pumps);
    // The available pump that is not on duty and has run least; `pumps.size()` if there is none.
    std::size_t rested(std::span<const Pump> pumps) const;

    struct Member {
        bool on_duty = false;
        Seconds since{0};
    };

    Seconds rotation_;
    std::vector<Member> members_;
};

}  // namespace penstock::plantsim
