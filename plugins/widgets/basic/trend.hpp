#pragma once

#include <penstock/widget.hpp>

namespace penstock::basic {

// What a tag was in the last time, up to now: one filled column a pixel. Gaps are hatched. The mouse wheel changes the span.
class TrendWidget final : public Widget {
public:
    static constexpr std::string_view kType = "trend";
    static constexpr std::string_view kSchema = R"({
        "properties": {
            "label": {"type": "string"},
            "decimals": {"type": "integer", "minimum": 0, "maximum": 17},
            "span": {"type": "string", "pattern": "^[0-9]+(s|m|h|d)$", "description": "How much time it shows, as in 15m; 1h without it."},
            "low": {"type": "number", "description": "The lower end of the scale; without it the values decide."},
            "high": {"type": "number", "description": "The upper end of the scale; without it the values decide."}
        },
        "bindings": {
            "value": {"required": true, "types": ["double", "int", "uint", "bool"]}
        }
    })";

    void draw(Frame& frame) override;

private:
    [[nodiscard]] Duration span_of(const Frame& frame);

    int zoom_ = 0;  // steps of the mouse wheel from the span that the site asks for; no plant data
};

}  // namespace penstock::basic
