#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace penstock::site {

// Names of the IANA time zones that this machine knows (package tzdata), sorted; empty if it has none. Read once. A name
// of a site is looked up in this list and never becomes a path.
[[nodiscard]] const std::vector<std::string>& time_zones();

}  // namespace penstock::site
