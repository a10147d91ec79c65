#pragma once

// What the operator sees: a header line, the screen, and over all of it a veil when the server is lost. [ui]

#include <memory>
#include <optional>
#include <string>

#include "apps/client/screen_view.hpp"
#include "apps/client/station_header.hpp"
#include "core/client/alarm_horn.hpp"
#include "core/client/station.hpp"

namespace penstock::station {

class StationWindow {
public:
    // `where` is what the header says of the server; `caution` a sentence that stays in it ("" for none).
    StationWindow(client::Station& station, const WidgetHost& widgets, std::string where, std::string caution);

    // The horn that takes note of a touch while the server is lost (null: there is none), and what the header says of sound ("" = nothing).
    void set_horn(client::AlarmHorn* horn, std::string note);

    // Builds the frame; false if a widget broke it and it has to be built again.
    bool build(float width, float height, MonotonicTime now);
    // When it wants to be drawn again without a change.
    [[nodiscard]] std::optional<Duration> redraw_in() const noexcept { return redraw_in_; }

    // What every widget shows, as --view writes it.
    [[nodiscard]] std::string view_json() const;

private:
    void follow_screen();
    bool draw_screen(WidgetFrame::Rectangle area, MonotonicTime now);
    void draw_notice(WidgetFrame::Rectangle area) const;
    void draw_veil(float width, float height) const;

    client::Station& station_;
    const WidgetHost& widgets_;
    std::string where_;
    StationHeader header_;
    client::AlarmHorn* horn_ = nullptr;
    const client::ScreenModel* shown_screen_ = nullptr;
    std::unique_ptr<ScreenView> view_;
    std::optional<Duration> redraw_in_;
};

}  // namespace penstock::station
