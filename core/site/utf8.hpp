#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace penstock::site {

// Bytes of the well-formed character at the start of `text` (RFC 3629: no overlong forms, no surrogates, at most
// U+10FFFF), 0 if there is none.
[[nodiscard]] std::size_t utf8_length(std::string_view text) noexcept;
// Offset of the first byte that is no UTF-8, npos if all is.
[[nodiscard]] std::size_t find_bad_utf8(std::string_view text) noexcept;
void append_utf8(std::string& text, char32_t code_point);

}  // namespace penstock::site
