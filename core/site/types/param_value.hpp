#pragma once

// The value of a type's parameter.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

namespace penstock::site {

class JsonView;

using ParamValue = std::variant<bool, std::int64_t, double, std::string_view>;  // texts are borrowed

// None if it is no text, number or boolean. A whole number beyond 64 bits with sign becomes a double.
[[nodiscard]] std::optional<ParamValue> param_value_of(const JsonView& json);
// As it stands in a text: 4, 2.5, true, abc.
[[nodiscard]] std::string text_of(const ParamValue& value);
// As a sentence calls it: the number 4, true, the text "abc".
[[nodiscard]] std::string found(const ParamValue& value);
[[nodiscard]] bool is_number(const ParamValue& value) noexcept;

}  // namespace penstock::site
