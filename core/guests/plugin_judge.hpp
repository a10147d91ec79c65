#pragma once

// Whether this host can take a plugin, decided from its manifest alone: a missing or different word is a refusal, never
// a "probably fine".

#include <string>
#include <string_view>

#include <penstock/result.hpp>

#include "core/guests/manifest_reader.hpp"
#include "core/guests/plugin_info.hpp"

namespace penstock::guests {

// What a plugin has to agree with.
struct HostAbi {
    std::string build_tag;
    std::string imgui_version;  // "" where the host is built without ImGui

    // Of this program.
    [[nodiscard]] static HostAbi own();
};

// The plugin's description (without path). Error invalid_config: a sentence that says what was found, what was wanted
// and what to rebuild. [any-thread]
[[nodiscard]] Result<PluginInfo> judge(const ManifestView& manifest, const HostAbi& host);

// "driver.modbus", "com.example.driver.foo": the kind as the last word but one; words of a-z, 0-9 and _.
[[nodiscard]] bool is_plugin_id(std::string_view id, PluginKind kind) noexcept;

}  // namespace penstock::guests
