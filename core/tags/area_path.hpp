#pragma once

// Areas are paths: "works/intake" lies in "works".

#include <string_view>

namespace penstock::tags {

// The area itself, or one inside of it; "" is all.
[[nodiscard]] constexpr bool is_inside(std::string_view area, std::string_view outer) noexcept {
    return outer.empty() || area == outer
           || (area.starts_with(outer) && area.size() > outer.size() && area[outer.size()] == '/');
}

// Stands where a name would, of what its reader may not see.
inline constexpr std::string_view kHiddenName = "(hidden)";

}  // namespace penstock::tags
