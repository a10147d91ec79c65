#include "core/site/tag_values.hpp"

#include <cmath>
#include <limits>

namespace penstock::site {
namespace {

std::unexpected<Error> refuse(ValueType type, const JsonView& json) {
    return fail(ErrorCode::invalid_argument, "found " + json.found() + "; wanted " + std::string(to_string(type)));
}

Result<Value> scalar_from_json(ValueType type, const JsonView& json) {
    switch (type) {
        case ValueType::boolean:
            if (json.kind() == JsonKind::boolean) return Value(json.boolean());
            break;
        case ValueType::int64:
            if (json.kind() == JsonKind::integer) return Value(json.integer());
            break;
        case ValueType::uint64:
            if (json.kind() == JsonKind::unsigned_integer || (json.kind() == JsonKind::integer && json.integer() >= 0))
                return Value(json.unsigned_integer());
            break;
        case ValueType::float64:
            if (json.is_number()) return Value(json.number());
            if (json.text() == "NaN") return Value(std::numeric_limits<double>::quiet_NaN());
            if (json.text() == "Infinity") return Value(std::numeric_limits<double>::infinity());
            if (json.text() == "-Infinity") return Value(-std::numeric_limits<double>::infinity());
            break;
        case ValueType::string:
            if (json.is_text()) return Value(json.text());
            break;
        default: break;
    }
    return refuse(type, json);
}

template <class Element>
Result<Value> array_from_json(ValueType element_type, const JsonView& json) {
    std::vector<Element> elements;
    for (const JsonView item : json) {
        const auto value = scalar_from_json(element_type, item);
        if (!value) return std::unexpected(value.error());
        elements.push_back(*value->get_if<Element>());
    }
    return Value(std::move(elements));
}

Result<Value> convert(ValueType type, const JsonView& json) {
    if (!is_array(type)) return scalar_from_json(type, json);
    if (!json.is_array()) return refuse(type, json);
    switch (type) {
        case ValueType::boolean_array: return array_from_json<bool>(ValueType::boolean, json);
        case ValueType::int64_array: return array_from_json<std::int64_t>(ValueType::int64, json);
        case ValueType::uint64_array: return array_from_json<std::uint64_t>(ValueType::uint64, json);
        case ValueType::float64_array: return array_from_json<double>(ValueType::float64, json);
        case ValueType::string_array: return array_from_json<std::string>(ValueType::string, json);
        default: return refuse(type, json);
    }
}

}  // namespace

bool is_number(ValueType type) noexcept {
    return type == ValueType::int64 || type == ValueType::uint64 || type == ValueType::float64;
}

bool can_become(ValueType native, ValueType type) noexcept {
    if (native == type) return true;
    if (native == ValueType::boolean) return is_number(type);
    const bool is_integer = native == ValueType::int64 || native == ValueType::uint64;
    return is_integer && is_number(type);
}

std::string number_text(double number) { return Value(number).text(); }

Result<Value> value_from_json(ValueType type, const JsonView& json) {
    auto value = convert(type, json);
    if (value && value->blob().size() > kMaxValueBytes) {
        return fail(ErrorCode::invalid_argument,
                    "found a value of " + std::to_string(value->blob().size()) + " bytes; at most 65536 are allowed");
    }
    return value;
}

}  // namespace penstock::site
