#pragma once

#include <string>
#include <string_view>

namespace penstock::site {

// What is wrong with a name of a tag, device, area, screen or widget: "" if nothing. 1 to 255 bytes of UTF-8, no control
// characters, no blank at either end, none of '/', '*' and '?': those separate areas and make patterns.
[[nodiscard]] std::string name_fault(std::string_view name);

}  // namespace penstock::site
