#include "quality.hpp"

#include <algorithm>
#include <cmath>

namespace penstock::quality {
namespace {

constexpr std::uint8_t kBad = 1, kUncertain = 2, kNoUpdate = 4;
constexpr double kLongest = 1e9;  // seconds

}  // namespace

void Quality::evaluate(const PolicyInputs& in, PolicyVerdicts& out) {
    const auto no_update = in.parameter(0);  // seconds
    for (std::size_t row = 0; row < in.size(); ++row) {
        const auto level = penstock::level(static_cast<QualityCode>(in.quality[row]));
        std::uint8_t holds = level == QualityLevel::bad ? kBad : level == QualityLevel::uncertain ? kUncertain : 0;
        const auto patience = no_update[row];
        if (!(patience > 0)) {
            out.stay_quiet(row, -kInfinity, kInfinity);  // a change of quality is no quiet
        } else {
            // Every change counts, so it is never quiet.
            const auto until = monotonic_from_ns(in.time[row]) + Duration(std::llround(std::min(patience, kLongest) * 1e9));
            if (in.now >= until)
                holds |= kNoUpdate;
            else
                out.look_again(row, until);
        }
        out.holds[row] = holds;
    }
}

}  // namespace penstock::quality
