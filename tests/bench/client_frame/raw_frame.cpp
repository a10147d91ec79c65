#include "raw_frame.hpp"

#include <array>
#include <cfloat>
#include <cmath>
#include <cstdio>
#include <cstring>

#include <imgui.h>

#include "wall.hpp"

namespace penstock::bench {
namespace {

constexpr ImU32 kInk = IM_COL32(0x1E, 0x22, 0x26, 255);
constexpr ImU32 kDim = IM_COL32(0x5C, 0x63, 0x69, 255);

// One line in the middle of a strip, from its left edge or to its right one; returns its width.
float write(ImFont& font, float left, float right, float top, float height, bool is_right, ImU32 ink, const char* begin,
            const char* end) {
    const auto size = font.CalcTextSizeA(font.FontSize, FLT_MAX, 0, begin, end);
    const float x = is_right ? right - size.x : left;
    ImGui::GetWindowDrawList()->AddText(&font, font.FontSize, {std::round(x), std::round(top + (height - size.y) / 2)}, ink,
                                        begin, end);
    return size.x;
}

}  // namespace

void draw_raw_wall(const std::vector<double>& values) {
    auto& small = *ImGui::GetIO().Fonts->Fonts[0];
    auto& large = *ImGui::GetIO().Fonts->Fonts[2];
    std::array<char, 32> text;
    for (std::size_t i = 0; i < values.size(); ++i) {
        const float x = static_cast<float>(i % kColumns) * kWidth;
        const float y = static_cast<float>(i / kColumns) * kHeight;
        int length = std::snprintf(text.data(), text.size(), "Value %zu", i);
        write(small, x, x + kWidth, y, 16, false, kDim, text.data(), text.data() + length);
        const float unit = write(small, x, x + kWidth, y + 20, 28, true, kDim, kUnit, kUnit + std::strlen(kUnit));
        length = std::snprintf(text.data(), text.size(), "%.2f", values[i]);
        write(large, x, x + kWidth - unit - 4, y + 16, 28, true, kInk, text.data(), text.data() + length);
    }
}

}  // namespace penstock::bench
