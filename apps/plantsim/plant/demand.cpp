#include "apps/plantsim/plant/demand.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>

namespace penstock::plantsim {
namespace {

// Share of the mean at each full hour; a town of some ten thousand on a working day.
constexpr std::array<double, 24> kHours{0.45, 0.38, 0.35, 0.35, 0.40, 0.65, 1.15, 1.62, 1.55, 1.28, 1.10, 1.05,
                                        1.15, 1.10, 0.98, 0.95, 1.02, 1.22, 1.50, 1.65, 1.40, 1.08, 0.85, 0.62};

constexpr double kMean = std::accumulate(kHours.begin(), kHours.end(), 0.0) / kHours.size();

constexpr Seconds kWanderTime{240};
constexpr double kWander = 0.03;  // standard deviation of the wandering share

}  // namespace

double Demand::daily_factor(Seconds of_day) {
    double hours = std::fmod(of_day.count() / 3600.0, 24.0);
    if (hours < 0.0) hours += 24.0;
    const auto hour = std::min<std::size_t>(static_cast<std::size_t>(hours), 23);
    const double fraction = hours - static_cast<double>(hour);
    const double here = kHours[hour];
    const double next = kHours[(hour + 1) % 24];
    return (here + (next - here) * fraction) / kMean;
}

void Demand::step(Seconds of_day, Seconds dt, Random& random) {
    const double share = dt / kWanderTime;
    wander_ += -wander_ * share + kWander * std::sqrt(2.0 * share) * random.normal();
    flow_m3h_ = std::max(0.0, mean_m3h_ * daily_factor(of_day) * (1.0 + wander_));
}

}  // namespace penstock::plantsim
