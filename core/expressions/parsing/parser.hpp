#pragma once

// Text to tree. Names are not looked up here, and types not checked.
//
//     expression  = "if" expression "then" expression "else" expression | either
//     either      = both { "or" both }
//     both        = negation { "and" negation }
//     negation    = "not" negation | comparison
//     comparison  = sum [ ("<" | "<=" | ">" | ">=" | "==" | "!=") sum ]
//     sum         = product { ("+" | "-") product }
//     product     = sign { ("*" | "/" | "mod") sign }
//     sign        = "-" sign | power
//     power       = primary [ "^" sign ]
//     primary     = number | duration | text | "true" | "false" | name | function "(" [ expression { "," expression } ] ")"
//                 | "(" expression ")"

#include <expected>
#include <string_view>

#include "core/expressions/expression.hpp"
#include "core/expressions/parsing/node.hpp"

namespace penstock::expressions {

// Views in the tree point into `text`.
[[nodiscard]] std::expected<Node, Fault> parse(std::string_view text);

}  // namespace penstock::expressions
