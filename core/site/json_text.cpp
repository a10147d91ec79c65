// Texts of the JSON reader: quotation marks, escapes, UTF-8.
#include <array>

#include "core/site/json_parser.hpp"
#include "core/site/utf8.hpp"

namespace penstock::site {
namespace {

// Bytes that a text can be skipped over by.
constexpr std::array<bool, 256> make_plain() {
    std::array<bool, 256> plain{};
    for (unsigned byte = 0x20; byte < 0x80; ++byte) plain[byte] = byte != '"' && byte != '\\';
    return plain;
}
constexpr auto kPlain = make_plain();

bool is_plain(char c) noexcept { return kPlain[static_cast<unsigned char>(c)]; }

}  // namespace

bool JsonParser::parse_text(std::string_view& text) {
    const char* const start = ++at_;
    for (;;) {
        while (at_ != end_ && is_plain(*at_)) ++at_;
        if (at_ == end_) return fail(start - 1, "the text does not end; a closing quotation mark is missing");
        if (*at_ == '"') {
            text = {start, static_cast<std::size_t>(at_ - start)};
            ++at_;
            return true;
        }
        if (*at_ == '\\') return parse_escaped_text(start, at_, text);
        if (!check_character(start - 1)) return false;
    }
}

// Takes over at the first backslash.
bool JsonParser::parse_escaped_text(const char* start, const char* plain_end, std::string_view& text) {
    std::string unescaped(start, plain_end);
    for (;;) {
        if (at_ == end_) return fail(start - 1, "the text does not end; a closing quotation mark is missing");
        const char* const from = at_;
        if (*at_ == '"') {
            ++at_;
            text = document_.unescaped_.emplace_back(std::move(unescaped));
            return true;
        }
        if (*at_ == '\\') {
            if (!parse_escape(unescaped)) return false;
            continue;
        }
        if (is_plain(*at_))
            ++at_;
        else if (!check_character(start - 1))
            return false;
        unescaped.append(from, at_);
    }
}

// One character that is not plain ASCII: goes over it if it may stand in a text.
bool JsonParser::check_character(const char* opening) {
    if (*at_ == '\n' || *at_ == '\r')
        return fail(opening, "the text does not end on its line",
                    "is the closing quotation mark missing? a line break is written \\n");
    if (static_cast<unsigned char>(*at_) < 0x20) {
        report(at_, "the control character " + in_quotes({at_, 1}) + " may not stand in a text",
               "write it as an escape, such as \\t");
        ++at_;
        return true;
    }
    const std::size_t length = utf8_length({at_, static_cast<std::size_t>(end_ - at_)});
    if (length == 0) return fail(at_, "the text is not UTF-8 here", "save the file with the encoding UTF-8");
    at_ += length;
    return true;
}

bool JsonParser::parse_escape(std::string& text) {
    const char* const backslash = at_++;
    if (at_ == end_) return fail(backslash, "the file ends after a backslash");
    switch (*at_++) {
        case '"': text += '"'; return true;
        case '\\': text += '\\'; return true;
        case '/': text += '/'; return true;
        case 'b': text += '\b'; return true;
        case 'f': text += '\f'; return true;
        case 'n': text += '\n'; return true;
        case 'r': text += '\r'; return true;
        case 't': text += '\t'; return true;
        case 'u': return parse_unicode_escape(text);
        default: break;
    }
    --at_;
    report(backslash, "a backslash before " + found_here() + " is no escape; known: \\\" \\\\ \\/ \\b \\f \\n \\r \\t \\u0000",
           "a backslash itself is written \\\\");
    return true;
}

// at_ is behind "\u". Characters beyond U+FFFF are two escapes, a high and a low surrogate.
bool JsonParser::parse_unicode_escape(std::string& text) {
    const char* const backslash = at_ - 2;
    char32_t code = 0;
    if (!parse_hex4(code)) return fail(backslash, "\\u wants four hexadecimal digits");
    const bool is_high = code >= 0xD800 && code < 0xDC00;
    if (is_high && end_ - at_ >= 2 && at_[0] == '\\' && at_[1] == 'u') {
        char32_t low = 0;
        const char* const second = at_;
        at_ += 2;
        if (!parse_hex4(low)) return fail(second, "\\u wants four hexadecimal digits");
        if (low >= 0xDC00 && low < 0xE000) {
            append_utf8(text, 0x10000 + ((code - 0xD800) << 10U) + (low - 0xDC00));
            return true;
        }
        at_ = second;
    }
    if (code >= 0xD800 && code < 0xE000) {
        report(backslash, "the escape " + in_quotes({backslash, 6}) + " is half of a character");
        code = 0xFFFD;
    }
    append_utf8(text, code);
    return true;
}

bool JsonParser::parse_hex4(char32_t& code) {
    if (end_ - at_ < 4) return false;
    code = 0;
    for (int i = 0; i < 4; ++i, ++at_) {
        const char c = *at_;
        char32_t digit = 0;
        if (c >= '0' && c <= '9')
            digit = static_cast<char32_t>(c - '0');
        else if (c >= 'a' && c <= 'f')
            digit = static_cast<char32_t>(c - 'a' + 10);
        else if (c >= 'A' && c <= 'F')
            digit = static_cast<char32_t>(c - 'A' + 10);
        else
            return false;
        code = code << 4U | digit;
    }
    return true;
}

}  // namespace penstock::site
