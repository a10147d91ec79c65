#pragma once

#include <penstock/widget.hpp>

namespace penstock::basic {

// Writes its value to a tag, or shows another screen. Pressed by mouse, Space or Enter.
class ButtonWidget final : public Widget {
public:
    static constexpr std::string_view kType = "button";
    static constexpr std::string_view kSchema = R"({
        "properties": {
            "label": {"type": "string"},
            "value": {"type": ["boolean", "number", "string"], "description": "What it writes to the tag."},
            "screen": {"type": "string", "description": "The screen that it shows."}
        },
        "required": ["label"],
        "bindings": {"value": {}}
    })";

    void draw(Frame& frame) override;
};

}  // namespace penstock::basic
