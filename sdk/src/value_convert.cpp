// Conversions that lose nothing.
#include <penstock/value.hpp>

#include <cmath>
#include <concepts>
#include <optional>
#include <utility>

namespace penstock {
namespace {

// 2^63 and 2^64 are exact as doubles, the largest integers are not: so compare with "less than".
constexpr double kTwo63 = 9223372036854775808.0;
constexpr double kTwo64 = 18446744073709551616.0;

template <std::integral To>
std::optional<To> whole(double value) {
    constexpr double low = std::is_signed_v<To> ? -kTwo63 : 0.0;
    constexpr double high = std::is_signed_v<To> ? kTwo63 : kTwo64;
    // -0.0 would lose its sign.
    if (!(value >= low && value < high) || std::trunc(value) != value || (value == 0 && std::signbit(value)))
        return std::nullopt;
    return static_cast<To>(value);
}

template <class To, class From>
std::optional<To> exact(From value) {
    if constexpr (std::same_as<To, From>) {
        return value;
    } else if constexpr (std::same_as<To, bool>) {
        if (value == From(0) || value == From(1)) return value == From(1);
        return std::nullopt;
    } else if constexpr (std::same_as<From, bool>) {
        return value ? To(1) : To(0);
    } else if constexpr (std::same_as<To, double>) {
        const auto rounded = static_cast<double>(value);
        const auto back = whole<From>(rounded);
        return back == value ? std::optional(rounded) : std::nullopt;
    } else if constexpr (std::same_as<From, double>) {
        return whole<To>(value);
    } else {
        return std::in_range<To>(value) ? std::optional(static_cast<To>(value)) : std::nullopt;
    }
}

std::unexpected<Error> lossy(const Value& value, ValueType wanted) {
    auto shown = value.text();
    if (shown.size() > 80) shown = shown.substr(0, 80) + "...";
    return fail(ErrorCode::invalid_argument, "found " + std::string(to_string(value.type())) + " " + shown + ", wanted "
                                                 + std::string(to_string(wanted))
                                                 + ", and the one cannot become the other without loss");
}

template <class To>
struct ToScalar {
    std::optional<Value> operator()(std::monostate) const { return std::nullopt; }
    template <class T>
    std::optional<Value> operator()(const T& from) const {
        if constexpr (std::is_arithmetic_v<T>) {
            const auto to = exact<To>(from);
            return to ? std::optional<Value>(Value(*to)) : std::nullopt;
        } else {
            return std::nullopt;
        }
    }
};

template <class To>
struct ToArray {
    template <class T>
    std::optional<Value> operator()(const T&) const {
        return std::nullopt;
    }
    template <class T>
        requires std::is_arithmetic_v<T>
    std::optional<Value> operator()(const std::vector<T>& from) const {
        std::vector<To> values;
        values.reserve(from.size());
        for (const T element : from) {
            const auto to = exact<To>(element);
            if (!to) return std::nullopt;
            values.push_back(*to);
        }
        return Value(std::move(values));
    }
};

std::optional<Value> convert(const Value& value, ValueType type) {
    const auto& from = value.storage();
    switch (type) {
        case ValueType::boolean: return std::visit(ToScalar<bool>{}, from);
        case ValueType::int64: return std::visit(ToScalar<std::int64_t>{}, from);
        case ValueType::uint64: return std::visit(ToScalar<std::uint64_t>{}, from);
        case ValueType::float64: return std::visit(ToScalar<double>{}, from);
        case ValueType::boolean_array: return std::visit(ToArray<bool>{}, from);
        case ValueType::int64_array: return std::visit(ToArray<std::int64_t>{}, from);
        case ValueType::uint64_array: return std::visit(ToArray<std::uint64_t>{}, from);
        case ValueType::float64_array: return std::visit(ToArray<double>{}, from);
        default: return std::nullopt;
    }
}

}  // namespace

Result<Value> Value::converted_to(ValueType type) const {
    if (type == this->type()) return *this;
    // Text is what people and files give: it is read as a value of the wanted type.
    if (const auto* const text = get_if<std::string>()) return parse(type, *text);
    if (type == ValueType::string && has_value() && !is_array(this->type())) return Value(text());
    auto converted = convert(*this, type);
    if (!converted) return lossy(*this, type);
    return *std::move(converted);
}

}  // namespace penstock
