#pragma once

#include <penstock/widget.hpp>

namespace penstock::basic {

// A quiet background that holds together what belongs together. Place it before what stands on it.
class PanelWidget final : public Widget {
public:
    static constexpr std::string_view kType = "panel";
    static constexpr std::string_view kSchema = R"({
        "properties": {"title": {"type": "string"}},
        "bindings": {}
    })";

    void draw(Frame& frame) override;
};

}  // namespace penstock::basic
