#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace penstock::testing::detail {

// What a widget's schema says of its bindings, and properties made up from it.
struct WidgetSchema {
    std::vector<std::string> bindings;
    std::string required_properties;  // JSON: only what is required
    std::string all_properties;       // JSON: each property once
};

// Throws std::invalid_argument for text that is no JSON object.
[[nodiscard]] WidgetSchema read_widget_schema(std::string_view text);

}  // namespace penstock::testing::detail
