#pragma once

#include <penstock/widget.hpp>

namespace penstock::basic {

// A vessel filled to its level, between the ends of the level's range, with its setpoint and its limit switches.
class TankWidget final : public Widget {
public:
    static constexpr std::string_view kType = "tank";
    static constexpr std::string_view kSchema = R"({
        "properties": {
            "label": {"type": "string"},
            "decimals": {"type": "integer", "minimum": 0, "maximum": 17},
            "low": {"type": "number", "description": "The empty vessel; without it the low end of the level's range."},
            "high": {"type": "number", "description": "The full vessel; without it the high end of the level's range."}
        },
        "bindings": {
            "level": {"required": true, "types": ["double", "int", "uint"]},
            "setpoint": {"types": ["double", "int", "uint"]},
            "high_alarm": {"types": ["bool"]},
            "low_alarm": {"types": ["bool"]}
        }
    })";

    void draw(Frame& frame) override;
};

}  // namespace penstock::basic
