#pragma once

// The line over the screen: what is shown, what is wrong with it, whether alarms are heard, the language, where it comes from. [ui]

#include <string>

#include "core/client/station.hpp"

namespace penstock::station {

class StationHeader {
public:
    // `where`: at its right end; as a warning or not.
    StationHeader(client::Station& station, std::string where, bool is_warning)
        : station_(station), where_(std::move(where)), is_warning_(is_warning) {}

    // "no sound"; "" = nothing is said of it.
    void set_sound_note(std::string note) { sound_note_ = std::move(note); }

    [[nodiscard]] float height() const;
    // At the top of the present window. `screen`: null while there is none.
    void draw(float width, const client::ScreenModel* screen);

private:
    // Each draws so that it ends at `right`, and returns where it begins.
    [[nodiscard]] float draw_text(float right, const std::string& text, bool is_warning) const;
    [[nodiscard]] float draw_languages(float right);

    client::Station& station_;
    std::string where_;
    bool is_warning_;
    std::string sound_note_;
};

}  // namespace penstock::station
