#include "core/site/utf8.hpp"

#include <cstdint>
#include <cstring>

namespace penstock::site {
namespace {

struct Form {
    std::size_t length;
    unsigned char second_low, second_high;  // what the second byte may be; the rest is 80 to BF
};

// Table 3-7 of the Unicode standard.
constexpr Form form_of(unsigned char lead) noexcept {
    if (lead < 0x80) return {1, 0, 0};
    if (lead < 0xC2) return {0, 0, 0};
    if (lead < 0xE0) return {2, 0x80, 0xBF};
    if (lead == 0xE0) return {3, 0xA0, 0xBF};
    if (lead == 0xED) return {3, 0x80, 0x9F};
    if (lead < 0xF0) return {3, 0x80, 0xBF};
    if (lead == 0xF0) return {4, 0x90, 0xBF};
    if (lead < 0xF4) return {4, 0x80, 0xBF};
    if (lead == 0xF4) return {4, 0x80, 0x8F};
    return {0, 0, 0};
}

}  // namespace

std::size_t utf8_length(std::string_view text) noexcept {
    if (text.empty()) return 0;
    const Form form = form_of(static_cast<unsigned char>(text[0]));
    if (form.length <= 1) return form.length;
    if (text.size() < form.length) return 0;
    const auto second = static_cast<unsigned char>(text[1]);
    if (second < form.second_low || second > form.second_high) return 0;
    for (std::size_t i = 2; i < form.length; ++i) {
        if ((static_cast<unsigned char>(text[i]) & 0xC0U) != 0x80U) return 0;
    }
    return form.length;
}

std::size_t find_bad_utf8(std::string_view text) noexcept {
    constexpr std::uint64_t kHighBits = 0x8080'8080'8080'8080U;
    std::size_t at = 0;
    while (at < text.size()) {
        if (text.size() - at >= sizeof kHighBits) {
            std::uint64_t word = 0;
            std::memcpy(&word, text.data() + at, sizeof word);
            if ((word & kHighBits) == 0) {
                at += sizeof word;
                continue;
            }
        }
        const std::size_t length = utf8_length(text.substr(at));
        if (length == 0) return at;
        at += length;
    }
    return std::string_view::npos;
}

void append_utf8(std::string& text, char32_t code_point) {
    const auto byte = [&text](char32_t bits) { text += static_cast<char>(bits); };
    if (code_point < 0x80) {
        byte(code_point);
    } else if (code_point < 0x800) {
        byte(0xC0U | code_point >> 6U);
        byte(0x80U | (code_point & 0x3FU));
    } else if (code_point < 0x10000) {
        byte(0xE0U | code_point >> 12U);
        byte(0x80U | (code_point >> 6U & 0x3FU));
        byte(0x80U | (code_point & 0x3FU));
    } else {
        byte(0xF0U | code_point >> 18U);
        byte(0x80U | (code_point >> 12U & 0x3FU));
        byte(0x80U | (code_point >> 6U & 0x3FU));
        byte(0x80U | (code_point & 0x3FU));
    }
}

}  // namespace penstock::site
