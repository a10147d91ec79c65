#pragma once

// Names in the text of an expression, without looking them up: what a calculated tag depends on before anything has a type, and what a
// text that stands in a type says differently for each of its instances.

#include <cstdint>
#include <expected>
#include <string>
#include <string_view>
#include <vector>

#include "core/expressions/expression.hpp"

namespace penstock::expressions {

enum class WordKind : std::uint8_t {
    name,  // bare: pump_1.speed, .speed
    braced,  // {pump 1}
    text,  // 'open'
};

struct Word {
    WordKind kind = WordKind::name;
    std::uint32_t offset = 0, length = 0;  // bytes of the expression, with braces and quotation marks
    std::string_view inner;  // without them, as written
};

// The tags' names in the order in which they stand, each as often as it does; a fault where the text is no expression.
[[nodiscard]] std::expected<std::vector<Word>, Fault> tag_names(std::string_view text);

// All names (of functions, too) and texts, up to the first thing that is no word of the language.
[[nodiscard]] std::vector<Word> words(std::string_view text);

// How a name is written in an expression: bare, or in braces.
[[nodiscard]] std::string spelled(std::string_view name);

}  // namespace penstock::expressions
