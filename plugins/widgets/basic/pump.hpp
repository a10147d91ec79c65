#pragma once

#include <penstock/widget.hpp>

namespace penstock::basic {

// A pump or another machine that runs or stands: light while it runs, dark while it stands, coloured only when it has tripped.
class PumpWidget final : public Widget {
public:
    static constexpr std::string_view kType = "pump";
    static constexpr std::string_view kSchema = R"({
        "properties": {
            "label": {"type": "string"},
            "decimals": {"type": "integer", "minimum": 0, "maximum": 17, "description": "Of the speed."}
        },
        "bindings": {
            "running": {"required": true, "types": ["bool"]},
            "tripped": {"types": ["bool"]},
            "speed": {"types": ["double", "int", "uint"]}
        }
    })";

    void draw(Frame& frame) override;
};

}  // namespace penstock::basic
