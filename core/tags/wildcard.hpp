#pragma once

// Patterns of tag names: '*' is any text, '?' one character (a whole UTF-8 one), all else itself. Case counts.

#include <string_view>

namespace penstock::tags {

// Linear for the patterns people write; length of pattern times length of text at worst.
[[nodiscard]] bool matches_wildcard(std::string_view pattern, std::string_view text) noexcept;
// The text before the first wildcard: names that match begin with it.
[[nodiscard]] std::string_view literal_prefix(std::string_view pattern) noexcept;

}  // namespace penstock::tags
