#include "core/history/aggregate_unit.hpp"

namespace penstock::history {

std::string aggregate_unit(Aggregate aggregate, std::string_view unit) {
    switch (aggregate) {
        case Aggregate::count:
        case Aggregate::transitions:
        case Aggregate::worst_quality: return {};
        case Aggregate::percent_good:
        case Aggregate::percent_bad: return "%";
        case Aggregate::duration_in_state_zero:
        case Aggregate::duration_in_state_non_zero: return "s";
        case Aggregate::total: return unit.empty() ? "s" : std::string(unit) + " s";
        default:  // the samples' own
            return std::string(unit);
    }
}

}  // namespace penstock::history
