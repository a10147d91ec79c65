#pragma once

// Settings of a plugin from JSON text, for tests.

#include <memory>
#include <string_view>

#include <penstock/settings.hpp>

namespace penstock::testing {

class JsonSettings {
public:
    // Throws std::invalid_argument for text that is no JSON.
    explicit JsonSettings(std::string_view json = "{}");
    JsonSettings(JsonSettings&&) noexcept;
    JsonSettings& operator=(JsonSettings&&) noexcept;
    ~JsonSettings();

    [[nodiscard]] const abi::SettingsNode* node() const noexcept;
    // Valid as long as this object.
    [[nodiscard]] Settings view() const noexcept { return Settings(node()); }

private:
    class Node;
    std::unique_ptr<Node> root_;
};

}  // namespace penstock::testing
