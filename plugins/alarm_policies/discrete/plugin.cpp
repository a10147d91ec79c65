#include <penstock/plugin.hpp>

#include "discrete.hpp"

namespace {

constexpr std::string_view kSchema = R"({"type": "object", "additionalProperties": false})";

}  // namespace

PENSTOCK_PLUGIN(penstock::discrete::Discrete, "alarm_policy.discrete", "0.1.0", kSchema);
