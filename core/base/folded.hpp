#pragma once

#include <string>
#include <string_view>

namespace penstock::base {

// Letters without case, so that a search finds what people mean: ASCII, Latin, Greek and Cyrillic of two UTF-8 bytes. What is no UTF-8
// stays as it is.
[[nodiscard]] std::string folded(std::string_view text);

}  // namespace penstock::base
