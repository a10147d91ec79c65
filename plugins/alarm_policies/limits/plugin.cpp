#include <penstock/plugin.hpp>

#include "limits.hpp"

namespace {

constexpr std::string_view kSchema = R"({"type": "object", "additionalProperties": false})";

}  // namespace

PENSTOCK_PLUGIN(penstock::limits::Limits, "alarm_policy.limits", "0.1.0", kSchema);
