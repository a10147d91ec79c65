#pragma once

// A wall of values, as both sides of the bench draw it: 25 in a row, each with label and unit.

#include <cstddef>
#include <string>

namespace penstock::bench {

inline constexpr std::size_t kColumns = 25;
inline constexpr std::size_t kRows = 40;
inline constexpr std::size_t kValues = kColumns * kRows;
inline constexpr float kWidth = 100;
inline constexpr float kHeight = 44;
inline constexpr float kWallWidth = kColumns * kWidth;
inline constexpr float kWallHeight = kRows * kHeight;

[[nodiscard]] inline std::string label_of(std::size_t index) { return "Value " + std::to_string(index); }
inline constexpr const char* kUnit = "bar";
// Always as many digits, so that both draw as many letters in every frame.
[[nodiscard]] inline double value_at(std::size_t index, std::size_t frame) {
    return 100.0 + static_cast<double>((index * 7 + frame * 13) % 89'999) / 100.0;
}

}  // namespace penstock::bench
