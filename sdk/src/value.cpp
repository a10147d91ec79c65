#include <penstock/value.hpp>

#include <algorithm>
#include <array>

namespace penstock {
namespace {

struct TypeWord {
    ValueType type;
    std::string_view word;
};

constexpr std::array kTypeWords{
    TypeWord{ValueType::none, "none"},
    TypeWord{ValueType::boolean, "bool"},
    TypeWord{ValueType::int64, "int"},
    TypeWord{ValueType::uint64, "uint"},
    TypeWord{ValueType::float64, "double"},
    TypeWord{ValueType::string, "string"},
    TypeWord{ValueType::boolean_array, "bool[]"},
    TypeWord{ValueType::int64_array, "int[]"},
    TypeWord{ValueType::uint64_array, "uint[]"},
    TypeWord{ValueType::float64_array, "double[]"},
    TypeWord{ValueType::string_array, "string[]"},
};

bool same_bits(double a, double b) noexcept { return word_of(a) == word_of(b); }

}  // namespace

std::string_view to_string(ValueType type) noexcept {
    const auto* const found = std::ranges::find(kTypeWords, type, &TypeWord::type);
    return found == kTypeWords.end() ? "none" : found->word;
}

ValueType parse_value_type(std::string_view word) noexcept {
    const auto* const found = std::ranges::find(kTypeWords, word, &TypeWord::word);
    return found == kTypeWords.end() ? ValueType::none : found->type;
}

ValueType Value::type() const noexcept {
    // In the order of Storage.
    constexpr std::array types{ValueType::none,          ValueType::boolean,     ValueType::int64,
                               ValueType::uint64,        ValueType::float64,     ValueType::string,
                               ValueType::boolean_array, ValueType::int64_array, ValueType::uint64_array,
                               ValueType::float64_array, ValueType::string_array};
    static_assert(types.size() == std::variant_size_v<Storage>);
    return storage_.valueless_by_exception() ? ValueType::none : types[storage_.index()];
}

double Value::as_double_or(double otherwise) const noexcept {
    if (const auto* const v = get_if<double>()) return *v;
    if (const auto* const v = get_if<std::int64_t>()) return static_cast<double>(*v);
    if (const auto* const v = get_if<std::uint64_t>()) return static_cast<double>(*v);
    if (const auto* const v = get_if<bool>()) return *v ? 1.0 : 0.0;
    return otherwise;
}

std::uint64_t Value::word() const noexcept {
    if (const auto* const v = get_if<double>()) return word_of(*v);
    if (const auto* const v = get_if<std::int64_t>()) return static_cast<std::uint64_t>(*v);
    if (const auto* const v = get_if<std::uint64_t>()) return *v;
    if (const auto* const v = get_if<bool>()) return *v ? 1 : 0;
    return 0;
}

Value Value::from_word(ValueType type, std::uint64_t word) noexcept {
    switch (type) {
        case ValueType::boolean: return word != 0;
        case ValueType::int64: return static_cast<std::int64_t>(word);
        case ValueType::uint64: return word;
        case ValueType::float64: return double_of(word);
        default: return {};
    }
}

bool Value::identical(const Value& other) const noexcept {
    if (type() != other.type()) return false;
    if (const auto* const v = get_if<double>()) return same_bits(*v, *other.get_if<double>());
    if (const auto* const v = get_if<std::vector<double>>()) {
        return std::ranges::equal(*v, *other.get_if<std::vector<double>>(), same_bits);
    }
    return storage_ == other.storage_;
}

}  // namespace penstock
