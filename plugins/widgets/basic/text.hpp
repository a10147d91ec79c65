#pragma once

#include <penstock/widget.hpp>

namespace penstock::basic {

// Words that stand on the screen.
class TextWidget final : public Widget {
public:
    static constexpr std::string_view kType = "text";
    static constexpr std::string_view kSchema = R"({
        "properties": {
            "text": {"type": "string"},
            "size": {"enum": ["small", "normal", "large"], "default": "normal"},
            "align": {"enum": ["left", "centre", "right"], "default": "left"}
        },
        "required": ["text"],
        "bindings": {}
    })";

    void draw(Frame& frame) override;
};

}  // namespace penstock::basic
