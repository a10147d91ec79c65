#pragma once

#include <penstock/widget.hpp>

#include "alarm_bar.hpp"
#include "alarm_dialogue.hpp"
#include "alarm_rows.hpp"

namespace penstock::basic {

// The alarms that stand, unacknowledged first; or those that are shelved, suppressed or out of service. What is selected is acted upon;
// of the one selected last it tells what to do.
class AlarmListWidget final : public Widget {
public:
    static constexpr std::string_view kType = "alarm_list";
    static constexpr std::string_view kSchema = R"({
        "properties": {
            "area": {"type": "string", "description": "An area of the plant and all below it; all without it."},
            "decimals": {"type": "integer", "minimum": 0, "maximum": 17},
            "help": {"type": "boolean", "description": "Whether it tells of a selected alarm what to do; if there is room without it."}
        },
        "bindings": {}
    })";

    void draw(Frame& frame) override;

private:
    void draw_dialogue(Frame& frame, const Pen& pen, Area& area, std::string& said);
    void draw_help(Frame& frame, const Pen& pen, Area& area, std::string& said);
    void draw_rows(Frame& frame, const Pen& pen, Area area, const ListedAlarms& listed, std::string& said);
    void obey(Frame& frame, AlarmBar::Outcome outcome);

    AlarmPage page_ = AlarmPage::standing;
    AlarmRows rows_;
    AlarmDialogue dialogue_;
};

}  // namespace penstock::basic
