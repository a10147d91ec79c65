#pragma once

// Draws one screen: each widget in its rectangle, a placeholder where one cannot be drawn. [ui]

#include <optional>
#include <vector>

#include "apps/client/widget_frame.hpp"
#include "apps/client/widget_host.hpp"
#include "core/client/screen_model.hpp"

namespace penstock::station {

class ScreenView {
public:
    // Makes the screen's widgets. `widgets` outlives the view.
    ScreenView(const WidgetHost& widgets, const client::ScreenModel& screen);

    struct Result {
        std::vector<WidgetWish> wishes;
        std::optional<Duration> redraw_in;
        // A widget broke ImGui's frame. It is a placeholder from now on; the frame has to be begun anew.
        bool is_frame_broken = false;
    };
    // Fits the screen into the rectangle, keeping its proportions, inside the current ImGui window.
    Result draw(const client::ScreenModel& screen, WidgetFrame::Rectangle area, const FrameSources& sources = {});

    // What the widgets showed at the last draw, in the screen's order, and where on the window.
    struct Shown {
        WidgetFrame::Rectangle place;
        WidgetView view;
    };
    [[nodiscard]] const std::vector<Shown>& shown() const noexcept { return shown_; }

private:
    bool draw_widget(const client::ScreenModel& screen, std::size_t index, float scale, const FrameSources& sources,
                     Result& result);
    void draw_placeholder(const client::ScreenWidget& widget, const Shown& shown) const;

    struct Slot {
        guests::WidgetOwner widget;  // null: cannot be drawn
        std::string fault;           // why
    };
    std::vector<Slot> slots_;
    std::vector<Shown> shown_;
};

}  // namespace penstock::station
