#pragma once

// What the tables of several files share. Private to core/site.

#include "core/site/format.hpp"

namespace penstock::site {

inline constexpr double kMaxText = 4096;
inline constexpr double kDay = 86'400'000;

inline constexpr KeyFormat kFormatKey{
    .key = "format", .shape = Shape::integer, .low = 1, .high = 1, .otherwise = "1", .what = "Version of the file's format."};

}  // namespace penstock::site
