#pragma once

#include <string>

#include <penstock/result.hpp>
#include <penstock/value.hpp>

#include "core/site/json_document.hpp"

namespace penstock::site {

// int, uint or double.
[[nodiscard]] bool is_number(ValueType type) noexcept;

// Whether values that a device delivers as `native` may be kept as `type`: the same; a bool as 0 or 1; integers as each other
// (one that does not fit is bad when it comes) and as double. Nothing that would cut off or guess.
[[nodiscard]] bool can_become(ValueType native, ValueType type) noexcept;

// The shortest text that reads back to the same double.
[[nodiscard]] std::string number_text(double number);

// A JSON value as one of `type`, if nothing is lost. Doubles may be the texts "NaN", "Infinity", "-Infinity". Error
// invalid_argument: found and wanted.
[[nodiscard]] Result<Value> value_from_json(ValueType type, const JsonView& json);

}  // namespace penstock::site
