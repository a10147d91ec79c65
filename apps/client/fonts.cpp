#include "apps/client/fonts.hpp"

#include <array>
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
constexpr std::array<ImWchar, 5> kShapeRanges = {0x2190, 0x21FF, 0x2500, 0x26FF, 0};

}  // namespace

void load_fonts(float pixels) {
    auto& atlas = *ImGui::GetIO().Fonts;
    for (const char* file : kTextFonts) {
        if (!std::filesystem::exists(file)) continue;
        atlas.AddFontFromFileTTF(file, pixels, nullptr, kTextRanges.data());
        break;
    }
    if (atlas.Fonts.empty()) {
        base::log::warning(
            "neither Noto Sans nor DejaVu Sans is installed; texts show in a font that knows Latin letters only");
        atlas.AddFontDefault();
    }
    if (std::filesystem::exists(kShapeFont)) {
        ImFontConfig merged;
        merged.MergeMode = true;
        atlas.AddFontFromFileTTF(kShapeFont, pixels, &merged, kShapeRanges.data());
    }
    atlas.Build();
}

}  // namespace penstock::station
