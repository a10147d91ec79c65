#include <penstock/plugin.hpp>

#include "deviation.hpp"

namespace {

constexpr std::string_view kSchema = R"({"type": "object", "additionalProperties": false})";

}  // namespace

PENSTOCK_PLUGIN(penstock::deviation::Deviation, "alarm_policy.deviation", "0.1.0", kSchema);
