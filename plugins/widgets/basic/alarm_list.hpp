#pragma once

#include <penstock/widget.hpp>

namespace penstock::basic {

// The alarms that stand, unacknowledged first; or those that are shelved. Acknowledges one, or all that are in sight. The mouse wheel
// moves on in long lists.
class AlarmListWidget final : public Widget {
public:
    static constexpr std::string_view kType = "alarm_list";
    static constexpr std::string_view kSchema = R"({
        "properties": {
            "area": {"type": "string", "description": "An area of the plant and all below it; all without it."},
            "decimals": {"type": "integer", "minimum": 0, "maximum": 17}
        },
        "bindings": {}
    })";

    void draw(Frame& frame) override;

private:
    AlarmPage page_ = AlarmPage::standing;
    std::size_t first_ = 0;  // the row on top
};

}  // namespace penstock::basic
