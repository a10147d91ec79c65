#pragma once

#include <penstock/widget.hpp>

namespace penstock::basic {

// A pipe along the longer side of its rectangle, with an arrow where something flows.
class LineWidget final : public Widget {
public:
    static constexpr std::string_view kType = "line";
    static constexpr std::string_view kSchema = R"({
        "properties": {
            "arrow": {"enum": ["none", "right", "left", "up", "down"], "default": "none", "description": "Which way it flows."},
            "thickness": {"type": "number", "minimum": 1, "maximum": 40, "default": 3}
        },
        "bindings": {}
    })";

    void draw(Frame& frame) override;
};

}  // namespace penstock::basic
