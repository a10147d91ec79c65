#pragma once

#include <cstdint>
#include <vector>

namespace penstock::station {

// Fills the window's framebuffer with the background colour, and sets the viewport to all of it.
void clear_framebuffer(int width, int height);

// The back buffer: RGB, 3 bytes a pixel, rows from the top, no padding.
[[nodiscard]] std::vector<std::uint8_t> read_framebuffer(int width, int height);

}  // namespace penstock::station
