#include "pen.hpp"

#include <algorithm>
#include <cfloat>
#include <cmath>
#include <string>

namespace penstock::basic {
namespace {

constexpr float kSmallestNumber = 0.6F;       // of its size, before it becomes "####"
constexpr std::size_t kLongestLine = 2'000;  // bytes; no rectangle shows more
constexpr float kMostHatches = 500;
constexpr float kTolerance = 0.5F;  // pixels that the last letter may lack

// A font and the size to write it in. The atlas holds some sizes; written in its own size a font is sharp.
struct Type {
    ImFont* font;
    float size;
};

Type type_of(float wanted) {
    ImFont* best = ImGui::GetFont();
    for (ImFont* const font : ImGui::GetIO().Fonts->Fonts)
        if (std::abs(font->FontSize - wanted) < std::abs(best->FontSize - wanted)) best = font;
    const bool is_near = std::abs(best->FontSize - wanted) < 0.12F * wanted;
    return {best, is_near ? best->FontSize : wanted};
}

ImVec2 extent(const Type& type, std::string_view text) {
    return type.font->CalcTextSizeA(type.size, FLT_MAX, 0, text.data(), text.data() + text.size());
}

// Text of the plant may hold anything; a line shows it as one line.
std::string_view as_line(std::string_view text, std::string& storage) {
    text = text.substr(0, kLongestLine);
    const auto is_control = [](char c) { return static_cast<unsigned char>(c) < 0x20; };
    if (std::ranges::none_of(text, is_control)) return text;
    storage = text;
    std::ranges::replace_if(storage, is_control, ' ');
    return storage;
}

std::string shortened(const Type& type, std::string_view text, float width) {
    constexpr std::string_view kRest = "…";
    const float room = width - extent(type, kRest).x;
    const char* end = text.data();
    if (room > 0) type.font->CalcTextSizeA(type.size, room, 0, text.data(), text.data() + text.size(), &end);
    // Not in the middle of a letter.
    while (end > text.data() && end < text.data() + text.size() && (static_cast<unsigned char>(*end) & 0xC0U) == 0x80U) --end;
    return std::string(text.data(), end).append(kRest);
}

}  // namespace

Area Area::cut_top(float height) noexcept {
    const float y = std::min(from.y + std::max(height, 0.0F), to.y);
    const Area cut{from, {to.x, y}};
    from.y = y;
    return cut;
}

Area Area::cut_bottom(float height) noexcept {
    const float y = std::max(to.y - std::max(height, 0.0F), from.y);
    const Area cut{{from.x, y}, to};
    to.y = y;
    return cut;
}

Area Area::cut_left(float width) noexcept {
    const float x = std::min(from.x + std::max(width, 0.0F), to.x);
    const Area cut{from, {x, to.y}};
    from.x = x;
    return cut;
}

Area Area::cut_right(float width) noexcept {
    const float x = std::max(to.x - std::max(width, 0.0F), from.x);
    const Area cut{{x, from.y}, to};
    to.x = x;
    return cut;
}

Area Area::shrunk(float by) const noexcept {
    const float x = std::min(by, width() / 2);
    const float y = std::min(by, height() / 2);
    return {{from.x + x, from.y + y}, {to.x - x, to.y - y}};
}

Pen::Pen(Frame& frame) noexcept : frame_(&frame), list_(ImGui::GetWindowDrawList()), scale_(frame.scale()) {
    const auto at = frame.position();
    const auto size = frame.size();
    area_ = {at, {at.x + size.x, at.y + size.y}};
}

void Pen::fill(const Area& area, ColourRole role, float rounding) const {
    list_->AddRectFilled(area.from, area.to, colour(role), rounding);
}

// Inside the area: half of a line on its edge would be cut off.
void Pen::outline(const Area& area, ColourRole role, float thickness) const {
    const float half = thickness / 2;
    list_->AddRect({area.from.x + half - 0.5F, area.from.y + half - 0.5F}, {area.to.x - half + 0.5F, area.to.y - half + 0.5F},
                   colour(role), 0, 0, thickness);
}

void Pen::hatch(const Area& area, ColourRole role) const {
    const float height = area.height();
    const float width = area.width();
    if (height < 1 || width < 1) return;
    const float step = std::max(px(7), (width + height) / kMostHatches);
    for (float start = step / 2; start < width + height; start += step) {
        // The stroke from the lower edge, `start` right of the lower left corner minus the height, up and to the right.
        const float low = start - height;
        const ImVec2 a(area.from.x + std::max(low, 0.0F), area.to.y + std::min(low, 0.0F));
        const ImVec2 b(area.from.x + std::min(start, width), area.from.y + std::max(start - width, 0.0F));
        list_->AddLine(a, b, colour(role), 1);
    }
}

float Pen::text(const Area& area, float size, Align align, ColourRole role, std::string_view text, Fit fit) const {
    if (text.empty() || area.width() < 1 || area.height() < 1) return 0;
    std::string line;
    std::string shorter;
    text = as_line(text, line);
    auto type = type_of(size);
    auto shown = extent(type, text);
    if (shown.x > area.width() + kTolerance) {
        if (fit == Fit::number) {
            const float smaller = type.size * std::max(kSmallestNumber, area.width() / shown.x);
            if (smaller * shown.x > area.width() * type.size * 1.01F)
                text = "####";
            else
                type.size = smaller;
        } else {
            shorter = shortened(type, text, area.width());
            text = shorter;
        }
        shown = extent(type, text);
    }
    const float free = area.width() - shown.x;
    const float left = align == Align::left ? 0 : align == Align::right ? free : free / 2;
    const ImVec2 at(std::round(area.from.x + left), std::round(area.from.y + (area.height() - shown.y) / 2));
    list_->AddText(type.font, type.size, at, colour(role), text.data(), text.data() + text.size());
    return shown.x;
}

float Pen::paragraph(const Area& area, float size, ColourRole role, std::string_view text) const {
    if (area.width() < 1) return 0;
    std::string line;
    text = as_line(text, line);
    const auto type = type_of(size);
    const float height = std::ceil(type.size * 1.25F);
    auto rest = area;
    while (!text.empty() && rest.height() >= height) {
        const char* const end = text.data() + text.size();
        const char* stop = type.font->CalcWordWrapPositionA(type.size / type.font->FontSize, text.data(), end, area.width());
        const bool is_last = rest.height() < 2 * height;
        if (is_last || stop <= text.data()) stop = end;  // Pen::text() shortens it
        const auto length = static_cast<std::size_t>(stop - text.data());
        this->text(rest.cut_top(height), size, Align::left, role, text.substr(0, length));
        text.remove_prefix(length);
        text.remove_prefix(std::min(text.find_first_not_of(' '), text.size()));
    }
    return area.height() - rest.height();
}

float Pen::text_width(float size, std::string_view text) const {
    return text.empty() ? 0 : std::ceil(extent(type_of(size), text).x);
}

}  // namespace penstock::basic
