#include "discrete.hpp"

#include <cmath>

namespace penstock::discrete {

void Discrete::evaluate(const PolicyInputs& in, PolicyVerdicts& out) {
    const auto states = in.parameter(0);
    for (std::size_t row = 0; row < in.size(); ++row) {
        const auto state = given_or(states[row], 1.0);  // true where the site names none
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
