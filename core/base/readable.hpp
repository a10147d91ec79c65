#pragma once

#include <string>
#include <string_view>

#include <penstock/time.hpp>
#include <penstock/value.hpp>

namespace penstock::base {

// A value as it stands in a sentence or table for people: of measurements four digits, trailing zeros left out, never an exponent
// ("2.972", "0.01235", "11235"); everything else, and doubles far from what is measured, as Value::text().
[[nodiscard]] std::string readable(const Value& value);
// A span of time, in two units at most: "850 ms", "12 s", "3 min 20 s", "1 d 2 h", "0 s".
[[nodiscard]] std::string readable(Duration duration);
// A name of the protocol as it stands in a sentence: "returned_unacknowledged" as "returned unacknowledged".
[[nodiscard]] std::string in_words(std::string_view name);

}  // namespace penstock::base
