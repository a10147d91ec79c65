#pragma once

// A Value as it crosses the library boundary, and back. For hosts and for the generated adapters; plugin authors see Value.

#include <string>

#include <penstock/abi/plain.hpp>
#include <penstock/value.hpp>

namespace penstock {

// A plain view of `value`. Strings and arrays are put into `blob`, which has to live as long as the view.
[[nodiscard]] abi::PlainValue plain_view(const Value& value, std::string& blob);

// The inverse; copies. Error protocol: a type that does not exist, or a blob that does not fit it.
[[nodiscard]] Result<Value> value_of(const abi::PlainValue& plain);

}  // namespace penstock
