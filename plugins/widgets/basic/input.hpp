#pragma once

#include <string>

#include <penstock/widget.hpp>

namespace penstock::basic {

class Pen;
struct Reading;
struct Area;

// A value that can be set: a click or Enter opens it, Enter writes, Esc or another click leaves it as it was.
class InputWidget final : public Widget {
public:
    static constexpr std::string_view kType = "input";
    static constexpr std::string_view kSchema = R"({
        "properties": {
            "label": {"type": "string"},
            "decimals": {"type": "integer", "minimum": 0, "maximum": 17},
            "words": {"type": "array", "items": {"type": "string"}, "maxItems": 1000}
        },
        "bindings": {"value": {"required": true}}
    })";

    void draw(Frame& frame) override;

private:
    void draw_closed(Frame& frame, const Pen& pen, const Area& field, const Reading& reading);
    void draw_open(Frame& frame, const Pen& pen, const Area& field, const Binding& value);
    void open(const Binding& value);
    // Writes what was typed, or says why it is not written and stays open.
    void take(Frame& frame, const Binding& value);

    bool is_open_ = false;
    int frames_open_ = 0;
    std::string typed_;
    std::string refusal_;
};

}  // namespace penstock::basic
