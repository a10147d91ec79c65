#include "number_text.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

namespace penstock::basic {
namespace {

constexpr int kMostDecimals = 17;
constexpr double kLargestRounded = 1e15;  // beyond it there are no decimals to round, only digits to fill a screen with

std::string rounded(double number, int decimals) {
    std::array<char, 64> digits;
    const auto end = std::to_chars(digits.begin(), digits.end(), number, std::chars_format::fixed, decimals).ptr;
    std::string text(digits.begin(), end);
    const bool is_zero = std::ranges::none_of(text, [](char c) { return c >= '1' && c <= '9'; });
    if (is_zero && text.starts_with('-')) text.erase(0, 1);  // -0.001 in two decimals is 0.00
    return text;
}

std::optional<std::size_t> whole_number(const Value& value) {
    if (const auto* flag = value.get_if<bool>()) return *flag ? 1 : 0;
    const double number = value.as_double_or(-1);
    if (!(number >= 0 && number < 1000) || number != std::floor(number)) return std::nullopt;
    return static_cast<std::size_t>(number);
}

std::string_view trimmed(std::string_view text) {
    const auto first = text.find_first_not_of(" \t");
    if (first == std::string_view::npos) return {};
    return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

bool is_one_of(std::string_view text, std::initializer_list<std::string_view> words) {
    return std::ranges::find(words, text) != words.end();
}

// Of a tag that never had a value, whose type is therefore not known here: the server converts or refuses.
Value guessed(const std::string& text) {
    for (const auto type : {ValueType::boolean, ValueType::int64, ValueType::uint64, ValueType::float64})
        if (auto value = Value::parse(type, text)) return *std::move(value);
    return Value(text);
}

}  // namespace

Format::Format(const Settings& properties) noexcept : words_(properties.at("words")) {
    if (!properties.has("decimals")) return;
    decimals_ = static_cast<int>(std::clamp<std::int64_t>(properties.integer_or("decimals", 0), 0, kMostDecimals));
}

std::optional<std::string> Format::word(const Value& value) const {
    if (words_.size() == 0) return std::nullopt;
    const auto index = whole_number(value);
    if (!index || *index >= words_.size()) return std::nullopt;
    return std::string(words_.at(*index).node()->text().view());
}

std::string Format::text(const Value& value) const {
    if (!value.has_value()) return "–";
    if (auto known = word(value)) return *std::move(known);
    if (const auto* flag = value.get_if<bool>()) return *flag ? "on" : "off";
    const auto* number = value.get_if<double>();
    if (decimals_ && number != nullptr && std::isfinite(*number) && std::abs(*number) < kLargestRounded)
        return rounded(*number, *decimals_);
    return value.text();
}

Result<Value> typed_value(ValueType type, std::string_view text) {
    std::string typed(trimmed(text));
    if (type == ValueType::string) return Value(std::string(text));
    if (type == ValueType::boolean) {
        if (is_one_of(typed, {"on", "true", "1"})) return Value(true);
        if (is_one_of(typed, {"off", "false", "0"})) return Value(false);
        return fail(ErrorCode::invalid_argument, "\"" + typed + "\" is neither on nor off");
    }
    if (!is_array(type) && std::ranges::count(typed, ',') == 1 && typed.find('.') == std::string::npos)
        std::ranges::replace(typed, ',', '.');
    if (type == ValueType::none) return guessed(typed);
    return Value::parse(type, typed);
}

Value property_value(const Settings& properties, std::string_view key) {
    const auto* node = properties.at(key).node();
    if (node == nullptr) return {};
    switch (node->kind()) {
        case abi::SettingsKind::boolean: return Value(node->boolean());
        case abi::SettingsKind::integer: return Value(node->integer());
        case abi::SettingsKind::unsigned_integer: return Value(node->unsigned_integer());
        case abi::SettingsKind::number: return Value(node->number());
        case abi::SettingsKind::text: return Value(node->text().view());
        default: return {};
    }
}

}  // namespace penstock::basic
