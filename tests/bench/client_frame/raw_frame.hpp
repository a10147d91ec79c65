#pragma once

#include <vector>

namespace penstock::bench {

// The same wall by somebody who needs nothing but ImGui: inside the current window.
void draw_raw_wall(const std::vector<double>& values);

}  // namespace penstock::bench
