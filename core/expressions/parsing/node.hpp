#pragma once

// The tree of an expression, as it was written.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace penstock::expressions {

enum class NodeKind : std::uint8_t { number, duration, boolean, text, name, call, unary, binary, condition };

struct Node {
    NodeKind kind = NodeKind::number;
    std::uint32_t offset = 0, length = 0;  // of the word that it hangs on: the operator, the function's name
    std::string_view spelling;  // of that word: "+", "and", "average", a tag's name
    std::string text;  // of texts
    double number = 0;
    std::uint64_t integer = 0;
    bool is_integer = false, is_true = false;
    std::vector<Node> parts;  // operands, arguments; of a condition: if, then, else
};

}  // namespace penstock::expressions
