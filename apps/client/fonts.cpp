#include "apps/client/fonts.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <filesystem>

#include <imgui.h>

#include "core/base/log.hpp"

namespace penstock::station {
namespace {

constexpr std::array kTextFonts = {"/usr/share/fonts/truetype/noto/NotoSans-Regular.ttf",
                                   "/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf"};
constexpr const char* kShapeFont = "/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf";

// Latin with its extensions, Greek, Cyrillic, Vietnamese letters, general punctuation, superscripts (m³), currency, letter-like.
constexpr std::array<ImWchar, 15> kTextRanges = {0x0020, 0x024F, 0x0370, 0x03FF, 0x0400, 0x052F, 0x1E00, 0x1EFF,
                                                 0x2000, 0x206F, 0x2070, 0x20CF, 0x2100, 0x214F, 0};
// Arrows, mathematical signs (the minus, which Noto Sans lacks), boxes, shapes.
constexpr std::array<ImWchar, 5> kShapeRanges = {0x2190, 0x22FF, 0x2500, 0x26FF, 0};

// Widgets write in the nearest of these: a font in its own size is sharp.
constexpr std::array kSizes = {13.0F, 16.0F, 20.0F, 24.0F, 32.0F};
constexpr int kDefaultSize = 1;

}  // namespace

void load_fonts(float scale) {
    auto& atlas = *ImGui::GetIO().Fonts;
    const auto* const text_font =
        std::ranges::find_if(kTextFonts, [](const char* file) { return std::filesystem::exists(file); });
    if (text_font == kTextFonts.end()) {
        base::log::warning(
            "neither Noto Sans nor DejaVu Sans is installed; texts show in a font that knows Latin letters only");
        atlas.AddFontDefault();
        return;
    }
    const bool has_shapes = std::filesystem::exists(kShapeFont);
    for (const float pixels : kSizes) {
        ImFontConfig config;
        config.OversampleH = 1;  // sizes are whole and texts begin at whole pixels
        config.PixelSnapH = true;
        atlas.AddFontFromFileTTF(*text_font, std::round(pixels * scale), &config, kTextRanges.data());
        config.MergeMode = true;
        if (has_shapes) atlas.AddFontFromFileTTF(kShapeFont, std::round(pixels * scale), &config, kShapeRanges.data());
    }
    ImGui::GetIO().FontDefault = atlas.Fonts[kDefaultSize];
    atlas.Build();
}

}  // namespace penstock::station
