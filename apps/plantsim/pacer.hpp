// How many plant steps are due at a time. Time is handed in.
#pragma once

#include <algorithm>
#include <chrono>
#include <cstdint>

#include "apps/plantsim/plant/units.hpp"

namespace penstock::plantsim {

class Pacer {
public:
    using Time = std::chrono::steady_clock::time_point;

    // A process that was stopped for long goes on from there: at most so much time is caught up.
    static constexpr Seconds kCatchUp{1.0};

    explicit Pacer(Time now) : last_(now) {}

    // The whole steps since the last call at `factor` simulated seconds per second; what is left counts for the next call.
    std::uint64_t steps_due(Time now, double factor) {
        const Seconds passed = std::clamp(Seconds(now - last_), Seconds{0}, kCatchUp);
        last_ = now;
        owed_ += passed * factor;
        // A step that is short of whole by rounding alone is due.
        const auto steps = static_cast<std::uint64_t>(owed_ / kStep + 1e-6);
        owed_ -= static_cast<double>(steps) * kStep;
        return steps;
    }

private:
    Time last_;
    Seconds owed_{0};
};

}  // namespace penstock::plantsim
