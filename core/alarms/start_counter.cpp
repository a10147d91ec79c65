#include "core/alarms/start_counter.hpp"

#include <algorithm>

namespace penstock::alarms {

void StartCounter::count(std::int64_t second, bool is_urgent) {
    move_to(second);
    ++fine(step_);
    ++in_10min_;
    ++in_hour_;
    auto& now = coarse();
    ++now.starts;
    if (is_urgent) ++now.urgent;
    judge_flood();
}

void StartCounter::move_to(std::int64_t second) {
    const auto step = std::max<std::int64_t>(second, 0) / kSecondsAStep;
    if (step_ < 0) step_ = step;
    if (step - step_ > kCoarses * kStepsACoarse) {  // nothing of it is within a day
        *this = {};
        step_ = step;
    }
    while (step_ < step) next_step();
}

void StartCounter::next_step() {
    if (is_flood_) ++coarse().flood_steps;
    ++step_;
    if (step_ % kStepsACoarse == 0) coarse() = {};
    if (step_ >= kStepsACoarse) in_10min_ -= fine(step_ - kStepsACoarse);
    in_hour_ -= fine(step_);  // an hour ago
    fine(step_) = 0;
    judge_flood();
}

void StartCounter::judge_flood() {
    is_flood_ = is_flood_ ? in_10min_ >= kFloodEnds : in_10min_ > kFloodBegins;
    auto& peak = coarse().peak;
    peak = std::max(peak, in_10min_);
}

std::uint32_t StartCounter::in_day() const noexcept {
    std::uint32_t sum = 0;
    for (const auto& each : coarse_) sum += each.starts;
    return sum;
}

std::uint32_t StartCounter::urgent_in_day() const noexcept {
    std::uint32_t sum = 0;
    for (const auto& each : coarse_) sum += each.urgent;
    return sum;
}

std::uint32_t StartCounter::peak_10min() const noexcept { return std::ranges::max(coarse_, {}, &Coarse::peak).peak; }

double StartCounter::share_in_flood() const noexcept {
    std::uint64_t steps = 0;
    for (const auto& each : coarse_) steps += each.flood_steps;
    return static_cast<double>(steps) / static_cast<double>(kCoarses * kStepsACoarse);
}

}  // namespace penstock::alarms
