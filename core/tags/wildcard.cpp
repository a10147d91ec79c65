#include "core/tags/wildcard.hpp"

namespace penstock::tags {
namespace {

// Bytes of the character that begins at `at`.
std::size_t character(std::string_view text, std::size_t at) {
    std::size_t end = at + 1;
    while (end < text.size() && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U) ++end;
    return end - at;
}

}  // namespace

bool matches_wildcard(std::string_view pattern, std::string_view text) noexcept {
    std::size_t p = 0, t = 0;
    auto star = std::string_view::npos;  // the last '*', and where the text after it was tried
    std::size_t tried = 0;
    while (t < text.size()) {
        if (p < pattern.size() && pattern[p] == '*') {
            star = p++;
            tried = t;
        } else if (p < pattern.size() && pattern[p] == '?') {
            ++p;
            t += character(text, t);
        } else if (p < pattern.size() && pattern[p] == text[t]) {
            ++p, ++t;
        } else if (star != std::string_view::npos) {
            p = star + 1;
            t = ++tried;
        } else {
            return false;
        }
    }
    while (p < pattern.size() && pattern[p] == '*') ++p;
    return p == pattern.size();
}

std::string_view literal_prefix(std::string_view pattern) noexcept { return pattern.substr(0, pattern.find_first_of("*?")); }

}  // namespace penstock::tags
