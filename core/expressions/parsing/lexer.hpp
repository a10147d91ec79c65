#pragma once

// Words of an expression.

#include <cstdint>
#include <expected>
#include <string>
#include <string_view>

#include "core/expressions/expression.hpp"

namespace penstock::expressions {

enum class TokenKind : std::uint8_t {
    end,
    number,
    duration,
    text,
    name,  // name: of a tag or function, bare or in braces
    word,  // and or not if then else true false mod
    sign,  // + - * / ^ ( ) , < <= > >= == !=
};

struct Token {
    TokenKind kind = TokenKind::end;
    std::uint32_t offset = 0, length = 0;
    std::string_view spelling;  // as written; a name without its braces
    std::string text;  // of texts: what they say
    double number = 0;  // of numbers and durations (seconds)
    std::uint64_t integer = 0;
    bool is_integer = false;
    bool is_braced = false;  // a name in braces: never a function
};

class Lexer final {
public:
    explicit Lexer(std::string_view text) : text_(text) {}
    [[nodiscard]] std::expected<Token, Fault> next();

private:
    [[nodiscard]] std::expected<Token, Fault> read_number(Token token);
    [[nodiscard]] std::expected<Token, Fault> read_text(Token token);
    [[nodiscard]] std::expected<Token, Fault> read_braced_name(Token token);
    [[nodiscard]] std::expected<Token, Fault> read_sign(Token token);
    [[nodiscard]] Token read_name(Token token);
    Token& finish(Token& token);

    std::string_view text_;
    std::size_t place_ = 0;
};

}  // namespace penstock::expressions
