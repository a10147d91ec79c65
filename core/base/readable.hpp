#pragma once

#include <string>

#include <penstock/value.hpp>

namespace penstock::base {

// A value as it stands in a sentence or table for people: of measurements four digits, trailing zeros left out, never an exponent
// ("2.972", "0.01235", "11235"); everything else, and doubles far from what is measured, as Value::text().
[[nodiscard]] std::string readable(const Value& value);

}  // namespace penstock::base
