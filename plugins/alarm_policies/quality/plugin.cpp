#include <penstock/plugin.hpp>

#include "quality.hpp"

namespace {

constexpr std::string_view kSchema = R"({"type": "object", "additionalProperties": false})";

}  // namespace

PENSTOCK_PLUGIN(penstock::quality::Quality, "alarm_policy.quality", "0.1.0", kSchema);
