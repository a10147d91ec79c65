#include "core/expressions/parsing/lexer.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

namespace penstock::expressions {
namespace {

constexpr std::array<std::string_view, 9> kWords = {"and", "or", "not", "if", "then", "else", "true", "false", "mod"};
constexpr std::array<std::pair<std::string_view, double>, 5> kSeconds = {
    {{"ms", 0.001}, {"s", 1}, {"m", 60}, {"h", 3600}, {"d", 86'400}}};

bool is_digit(char c) noexcept { return c >= '0' && c <= '9'; }
bool is_blank(char c) noexcept { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }
// Letters of other scripts, too: a byte of UTF-8.
bool begins_name(char c) noexcept {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == '.' || static_cast<unsigned char>(c) >= 0x80;
}
bool is_in_name(char c) noexcept { return begins_name(c) || is_digit(c); }

std::unexpected<Fault> fault(const Token& at, std::string sentence, std::string hint = {}) {
    return std::unexpected(Fault{at.offset, std::max(at.length, 1U), std::move(sentence), std::move(hint)});
}

}  // namespace

Token& Lexer::finish(Token& token) {
    token.length = static_cast<std::uint32_t>(place_ - token.offset);
    token.spelling = text_.substr(token.offset, token.length);
    return token;
}

std::expected<Token, Fault> Lexer::next() {
    while (place_ < text_.size() && is_blank(text_[place_])) ++place_;
    Token token;
    token.offset = static_cast<std::uint32_t>(place_);
    if (place_ == text_.size()) return token;
    const char c = text_[place_];
    const bool begins_number = is_digit(c) || (c == '.' && place_ + 1 < text_.size() && is_digit(text_[place_ + 1]));
    if (begins_number) return read_number(token);
    if (c == '\'') return read_text(token);
    if (c == '{') return read_braced_name(token);
    if (begins_name(c)) return read_name(token);
    return read_sign(token);
}

// 12, 4.5, 1e-3, 10s, 1.5h
std::expected<Token, Fault> Lexer::read_number(Token token) {
    const auto* const begin = text_.data() + place_;
    const auto* const end = text_.data() + text_.size();
    const auto real = std::from_chars(begin, end, token.number);
    const auto whole = std::from_chars(begin, end, token.integer);
    place_ += static_cast<std::size_t>(real.ptr - begin);
    token.kind = TokenKind::number;
    token.is_integer = whole.ec == std::errc() && whole.ptr == real.ptr;
    if (real.ec != std::errc()) return fault(finish(token), "this number is too large or too small");
    const auto unit_begin = place_;
    while (place_ < text_.size() && is_in_name(text_[place_])) ++place_;
    const auto unit = text_.substr(unit_begin, place_ - unit_begin);
    finish(token);
    if (unit.empty()) return token;
    const auto* const found = std::ranges::find(kSeconds, unit, &std::pair<std::string_view, double>::first);
    if (found == kSeconds.end())
        return fault(token,
                     "\"" + std::string(token.spelling)
                         + "\" is no number and no duration (500ms, 10s, 5m, 1h, 2d); a tag of that name goes into braces");
    token.kind = TokenKind::duration;
    token.is_integer = false;
    token.number *= found->second;
    return token;
}

// 'it''s open' says: it's open
std::expected<Token, Fault> Lexer::read_text(Token token) {
    token.kind = TokenKind::text;
    for (++place_; place_ < text_.size(); ++place_) {
        if (text_[place_] == '\'') {
            ++place_;
            if (place_ == text_.size() || text_[place_] != '\'') return finish(token);
        }
        token.text += text_[place_];
    }
    return fault(finish(token), "this text does not end; a text stands between ' and '");
}

std::expected<Token, Fault> Lexer::read_braced_name(Token token) {
    token.kind = TokenKind::name;
    token.is_braced = true;
    const auto end = text_.find('}', place_);
    if (end == std::string_view::npos) {
        place_ = text_.size();
        return fault(finish(token), "this name does not end; such a name stands between { and }");
    }
    place_ = end + 1;
    finish(token).spelling = text_.substr(token.offset + 1, end - token.offset - 1);
    if (token.spelling.empty()) return fault(token, "there is no name between { and }");
    return token;
}

Token Lexer::read_name(Token token) {
    while (place_ < text_.size() && is_in_name(text_[place_])) ++place_;
    finish(token);
    token.kind = std::ranges::find(kWords, token.spelling) == kWords.end() ? TokenKind::name : TokenKind::word;
    return token;
}

std::expected<Token, Fault> Lexer::read_sign(Token token) {
    token.kind = TokenKind::sign;
    const auto two = text_.substr(place_, 2);
    const bool is_two = two == "<=" || two == ">=" || two == "==" || two == "!=";
    place_ += is_two ? 2 : 1;
    finish(token);
    if (is_two || std::string_view("+-*/^(),<>").find(token.spelling[0]) != std::string_view::npos) return token;
    if (two == "&&") return fault(token, "\"&\" means nothing here", "and");
    if (two == "||") return fault(token, "\"|\" means nothing here", "or");
    if (token.spelling == "=") return fault(token, "\"=\" sets nothing here; equal is ==", "==");
    if (token.spelling == "!") return fault(token, "\"!\" means nothing here", "not");
    if (token.spelling == "%") return fault(token, "\"%\" means nothing here; the rest of a division is mod", "mod");
    if (token.spelling == "\"") return fault(token, "a text stands between ' and '", "'");
    return fault(token, "\"" + std::string(token.spelling) + "\" means nothing here");
}

}  // namespace penstock::expressions
