#include "apps/plantsim/plant/source.hpp"

#include <cmath>
#include <numbers>

namespace penstock::plantsim {
namespace {

constexpr Seconds kWanderTime{3 * 3600};
constexpr double kDay = 86400.0;

double wander(double value, Seconds dt, Random& random) {
    const double share = dt / kWanderTime;
    return value - value * share + std::sqrt(2.0 * share) * random.normal();
}

}  // namespace

void Source::step(Seconds of_day, Seconds dt, Random& random) {
    level_wander_ = wander(level_wander_, dt, random);
    turbidity_wander_ = wander(turbidity_wander_, dt, random);
    // Warmest at four in the afternoon.
    temperature_c_ = 8.0 + 0.8 * std::cos((of_day.count() / kDay - 16.0 / 24.0) * 2.0 * std::numbers::pi);
}

double Source::turbidity_ntu() const { return 4.0 * std::exp(0.35 * turbidity_wander_); }

}  // namespace penstock::plantsim
