#pragma once

// Values as an operator reads them.

#include <optional>
#include <string>
#include <string_view>

#include <penstock/settings.hpp>
#include <penstock/value.hpp>

namespace penstock::basic {

// How a widget was told to write its values: {"decimals": 2, "words": ["closed", "open"]}.
class Format {
public:
    explicit Format(const Settings& properties) noexcept;

    // Without `decimals` all digits that the value has; with it a double is rounded for the eye, and nothing else is. NaN and
    // infinities are words. "–" for no value. A whole number that has a word shows the word.
    [[nodiscard]] std::string text(const Value& value) const;

private:
    [[nodiscard]] std::optional<std::string> word(const Value& value) const;

    std::optional<int> decimals_;
    Settings words_;
};

// What an operator typed, as a value of the type that the tag has now; none: whatever the text looks like. A decimal comma is a
// decimal point. Error invalid_argument: a sentence.
[[nodiscard]] Result<Value> typed_value(ValueType type, std::string_view text);

// The value that a property holds: a button's {"value": true}. None for no such property.
[[nodiscard]] Value property_value(const Settings& properties, std::string_view key);

}  // namespace penstock::basic
