#pragma once

#include <optional>
#include <string>

#include <penstock/widget.hpp>

#include "reading.hpp"

namespace penstock::basic {

// One value with its name and unit.
class ValueWidget final : public Widget {
public:
    static constexpr std::string_view kType = "value";
    static constexpr std::string_view kSchema = R"({
        "properties": {
            "label": {"type": "string", "description": "The name above the value."},
            "decimals": {"type": "integer", "minimum": 0, "maximum": 17, "description": "Digits after the point; all without it."},
            "words": {"type": "array", "items": {"type": "string"}, "maxItems": 1000,
                      "description": "Words shown for 0, 1, 2 ..., for off and on."}
        },
        "bindings": {"value": {"required": true}}
    })";

    void draw(Frame& frame) override;

private:
    // Properties stay as they are while the widget lives; a wall of values does not read them in every frame.
    struct Look {
        explicit Look(const Settings& properties) : label(properties.text_or("label", "")), format(properties) {}
        std::string label;
        Format format;
    };
    std::optional<Look> look_;
};

}  // namespace penstock::basic
