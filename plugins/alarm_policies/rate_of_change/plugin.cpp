#include <penstock/plugin.hpp>

#include "rate_of_change.hpp"

namespace {

constexpr std::string_view kSchema = R"({"type": "object", "additionalProperties": false})";

}  // namespace

PENSTOCK_PLUGIN(penstock::rate_of_change::RateOfChange, "alarm_policy.rate_of_change", "0.1.0", kSchema);
