#include "quality.hpp"

#include <cmath>

namespace penstock::quality {
namespace {

constexpr std::uint8_t kBad = 1, kUncertain = 2, kNoUpdate = 4;

}  // namespace

void Quality::set(PointId point, std::size_t, double value) { patience_[point] = value > 0 ? value : kInfinity; }

void Quality::evaluate(const PolicyInputs& in, PolicyVerdicts& out) {
    for (std::size_t row = 0; row < in.size(); ++row) {
        const auto level = penstock::level(static_cast<QualityCode>(in.quality[row]));
        std::uint8_t holds = level == QualityLevel::bad ? kBad : level == QualityLevel::uncertain ? kUncertain : 0;
        const auto patience = patience_[in.point[row]];
        if (std::isinf(patience)) {
            out.stay_quiet(row, -kInfinity, kInfinity);  // a change of quality is no quiet
        } else {
            // Every change counts, so it is never quiet.
            const auto until = monotonic_from_ns(in.time[row]) + Duration(std::llround(patience * 1e9));
            if (in.now >= until)
                holds |= kNoUpdate;
            else
                out.look_again(row, until);
        }
        out.holds[row] = holds;
    }
}

}  // namespace penstock::quality
