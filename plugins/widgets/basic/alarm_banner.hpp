#pragma once

#include <penstock/widget.hpp>

namespace penstock::basic {

// One line for every screen: the newest unacknowledged alarm of the highest priority, how many stand of each priority, and buttons to
// acknowledge it and to silence the sound.
class AlarmBannerWidget final : public Widget {
public:
    static constexpr std::string_view kType = "alarm_banner";
    static constexpr std::string_view kSchema = R"({
        "properties": {
            "area": {"type": "string", "description": "An area of the plant and all below it; all without it."},
            "decimals": {"type": "integer", "minimum": 0, "maximum": 17}
        },
        "bindings": {}
    })";

    void draw(Frame& frame) override;
};

}  // namespace penstock::basic
