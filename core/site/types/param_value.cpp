#include "core/site/types/param_value.hpp"

#include "core/site/json_document.hpp"
#include "core/site/tag_values.hpp"

namespace penstock::site {

std::optional<ParamValue> param_value_of(const JsonView& json) {
    switch (json.kind()) {
        case JsonKind::boolean: return json.boolean();
        case JsonKind::integer: return json.integer();
        case JsonKind::unsigned_integer:
        case JsonKind::number: return json.number();
        case JsonKind::text: return json.text();
        default: return std::nullopt;
    }
}

std::string text_of(const ParamValue& value) {
    if (const auto* const boolean = std::get_if<bool>(&value)) return *boolean ? "true" : "false";
    if (const auto* const integer = std::get_if<std::int64_t>(&value)) return std::to_string(*integer);
    if (const auto* const number = std::get_if<double>(&value)) return number_text(*number);
    return std::string(std::get<std::string_view>(value));
}

std::string found(const ParamValue& value) {
    if (const auto* const text = std::get_if<std::string_view>(&value)) return "the text " + in_quotes(*text);
    return is_number(value) ? "the number " + text_of(value) : text_of(value);
}

bool is_number(const ParamValue& value) noexcept {
    return std::holds_alternative<std::int64_t>(value) || std::holds_alternative<double>(value);
}

}  // namespace penstock::site
