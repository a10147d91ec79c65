#pragma once

#include <cstdint>
#include <span>
#include <string>

#include <penstock/result.hpp>

namespace penstock::station {

// RGB pixels, rows from the top. Error internal: the file cannot be written.
[[nodiscard]] Result<void> write_png(const std::string& file, std::span<const std::uint8_t> pixels, int width, int height);

}  // namespace penstock::station
