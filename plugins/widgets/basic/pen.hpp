#pragma once

// What the widgets of this library draw with: places, texts that fit, in the sizes of the screen.

#include <string_view>

#include <penstock/widget.hpp>

namespace penstock::basic {

struct Area {
    ImVec2 from, to;

    [[nodiscard]] float width() const noexcept { return to.x - from.x; }
    [[nodiscard]] float height() const noexcept { return to.y - from.y; }
    [[nodiscard]] ImVec2 centre() const noexcept { return {(from.x + to.x) / 2, (from.y + to.y) / 2}; }
    // Take a strip away and return it; never more than there is.
    Area cut_top(float height) noexcept;
    Area cut_bottom(float height) noexcept;
    Area cut_left(float width) noexcept;
    Area cut_right(float width) noexcept;
    [[nodiscard]] Area shrunk(float by) const noexcept;
};

enum class Align { left, centre, right };

// What happens to a text that is too wide: words end in "…"; a number is written smaller, and if that is not enough becomes
// "####", since a number without its last digits is another number.
enum class Fit { words, number };

class Pen {
public:
    explicit Pen(Frame& frame) noexcept;

    [[nodiscard]] Area area() const noexcept { return area_; }
    // Pixels of a length given for a screen in its own size.
    [[nodiscard]] float px(float design) const noexcept { return design * scale_; }
    [[nodiscard]] ImU32 colour(ColourRole role) const noexcept { return frame_->colour(role); }
    [[nodiscard]] ImDrawList& list() const noexcept { return *list_; }

    void fill(const Area& area, ColourRole role, float rounding = 0) const;
    void outline(const Area& area, ColourRole role, float thickness = 1) const;
    // Parallel strokes from corner to corner: "not to be trusted", also for who sees no colours.
    void hatch(const Area& area, ColourRole role) const;

    // Writes one line in the middle of the area's height; returns how wide it became.
    float text(const Area& area, float size, Align align, ColourRole role, std::string_view text, Fit fit = Fit::words) const;
    // Writes as many lines as fit into the area, broken between words; the last ends in "…" where more would follow. Returns the height
    // that they take.
    float paragraph(const Area& area, float size, ColourRole role, std::string_view text) const;
    [[nodiscard]] float text_width(float size, std::string_view text) const;

private:
    Frame* frame_;
    ImDrawList* list_;
    Area area_;
    float scale_;
};

}  // namespace penstock::basic
