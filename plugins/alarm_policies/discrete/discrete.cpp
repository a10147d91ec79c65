#include "discrete.hpp"

#include <cmath>

namespace penstock::discrete {

void Discrete::set(PointId point, std::size_t, double value) { states_[point] = std::isnan(value) ? 1.0 : value; }

void Discrete::evaluate(const PolicyInputs& in, PolicyVerdicts& out) {
    for (std::size_t row = 0; row < in.size(); ++row) {
        const auto state = states_[in.point[row]];
        const auto value = in.number[row];
        out.holds[row] = value == state ? 1 : 0;
        if (value == state)
            out.stay_quiet(row, state, state);
        else if (value < state)
            out.stay_quiet(row, -kInfinity, std::nextafter(state, -kInfinity));
        else
            out.stay_quiet(row, std::nextafter(state, kInfinity), kInfinity);
    }
}

}  // namespace penstock::discrete
