#pragma once

// Why a value that a schema has refused is refused, in words for the person who wrote it.

#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "core/base/json_schema.hpp"

namespace penstock::base {

// Understands type, enum, const, required, properties, patternProperties, additionalProperties, propertyNames, items,
// limits of numbers, strings, arrays and objects, pattern, allOf, anyOf, oneOf, and local $ref. Silent about anything else:
// an empty answer means "no words found", not "valid".
[[nodiscard]] std::vector<SchemaFault> explain_schema_faults(const nlohmann::json& schema, const nlohmann::json& value,
                                                             std::size_t most);

// Adds one step to a JSON pointer, escaped as RFC 6901 wants it.
void append_pointer(std::string& pointer, std::string_view step);

}  // namespace penstock::base
