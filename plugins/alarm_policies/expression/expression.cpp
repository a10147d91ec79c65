#include "expression.hpp"

namespace penstock::expression {

void Expression::evaluate(const PolicyInputs& in, PolicyVerdicts& out) {
    for (std::size_t row = 0; row < in.size(); ++row) {
        out.holds[row] = in.number[row] != 0 ? 1 : 0;
        out.stay_quiet(row, in.number[row], in.number[row]);
    }
}

}  // namespace penstock::expression
