#pragma once

// Asks for what an action on alarms wants: a reason, and for how long they are shelved. A strip inside the list; Enter does it, Esc leaves
// everything as it was.

#include <string>
#include <vector>

#include <penstock/widget.hpp>

#include "alarm_rows.hpp"

namespace penstock::basic {

class AlarmDialogue {
public:
    // shelved, taken_out, commented.
    void open(AlarmEvent action, std::vector<SelectedAlarm> alarms);
    [[nodiscard]] bool is_open() const noexcept { return !alarms_.empty(); }
    [[nodiscard]] float height(const Pen& pen) const;
    // True when it is over, done or not.
    bool draw(Frame& frame, const Pen& pen, Area area);
    // What it asks, and what has been typed.
    [[nodiscard]] std::string words() const;

private:
    [[nodiscard]] std::string title() const;
    void draw_times(const Pen& pen, Area area);
    // True when Enter was struck in it.
    bool draw_reason(Frame& frame, const Pen& pen, Area area);
    bool ask(Frame& frame);
    void note_keyboard();

    AlarmEvent action_{};
    std::vector<SelectedAlarm> alarms_;
    std::string reason_, fault_;
    std::size_t time_ = 0;  // of those offered
    bool is_new_ = false;
    bool had_keyboard_ = false, has_keyboard_ = false;  // in the last frame, and in this one
};

}  // namespace penstock::basic
