#include <penstock/plugin.hpp>

#include "flood.hpp"

namespace {

constexpr std::string_view kSchema = R"({"type": "object", "additionalProperties": false})";

}  // namespace

PENSTOCK_PLUGIN(penstock::flood::Flood, "alarm_policy.flood", "0.1.0", kSchema);
