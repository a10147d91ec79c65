#pragma once

// The functions of the language, one row each. docs/expressions.md shows the same table (a test compares them).

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "core/expressions/program.hpp"

namespace penstock::expressions {

// What arguments a function takes and what it gives.
enum class Signature : std::uint8_t {
    numbers,  // two or more numbers, made alike; gives the same
    number,  // one number; gives the same
    real,  // one number, made a double; gives a double without unit
    rounding,  // the same, but keeps the unit
    to_int,
    to_double,
    to_text,  // a conversion of one value
    clamp,  // value, low, high: made alike
    quality,  // anything; gives a bool
    substitute,  // two alike
    length,
    contains,  // of texts
    previous,  // anything but text; gives the same
    edge,  // a bool; gives a bool
    delay,  // a bool, a duration; gives a bool
    counter,  // a bool, and perhaps a second that sets it back; gives an int
    window,  // a number, a duration; gives a double
};

struct Function {
    std::string_view name;
    Signature signature;
    Op op;  // for doubles, where there is one for each type of number
    std::string_view arguments;  // "x, low, high"
    std::string_view meaning;
};

[[nodiscard]] std::span<const Function> functions() noexcept;
[[nodiscard]] const Function* find_function(std::string_view name) noexcept;  // null: there is none

}  // namespace penstock::expressions
