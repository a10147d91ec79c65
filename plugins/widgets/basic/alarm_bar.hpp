#pragma once

// The head of an alarm list: its pages, and what can be done to the selected alarms.

#include <optional>
#include <string>
#include <vector>

#include <penstock/widget.hpp>

#include "alarm_rows.hpp"

namespace penstock::basic {

struct AlarmBar {
    const ShownAlarms* alarms;
    std::string_view site_area;  // the widget's: the pages count what is in it
    AlarmPage page{};
    const ListedAlarms* listed;
    const AlarmRows* rows;

    struct Outcome {
        std::optional<AlarmPage> page;  // another page
        std::optional<AlarmEvent> action;  // to be asked for ...
        bool wants_words = false;  // ... after a reason or comment was asked for
        std::vector<SelectedAlarm> alarms;  // those that it suits
    };
    [[nodiscard]] float height(const Pen& pen) const;
    Outcome draw(const Pen& pen, Area area) const;

    // "4 alarms, 2 unacknowledged", "1 shelved".
    [[nodiscard]] std::string summary() const;

private:
    [[nodiscard]] std::vector<SelectedAlarm> suited(AlarmEvent action) const;
    void draw_pages(const Pen& pen, Area area, Outcome& outcome) const;
    void draw_actions(const Pen& pen, Area area, Outcome& outcome) const;
};

// Whether it may be done to the alarm as it stands.
[[nodiscard]] bool suits(AlarmEvent action, const ShownAlarm& alarm) noexcept;

}  // namespace penstock::basic
