#include <penstock/plugin.hpp>

#include "expression.hpp"

namespace {

constexpr std::string_view kSchema = R"({"type": "object", "additionalProperties": false})";

}  // namespace

PENSTOCK_PLUGIN(penstock::expression::Expression, "alarm_policy.expression", "0.1.0", kSchema);
