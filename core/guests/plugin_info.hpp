#pragma once

// What is known of a plugin before any of its code has run.

#include <cstdint>
#include <filesystem>
#include <string>

#include <penstock/manifest.hpp>

namespace penstock::guests {

struct PluginInfo {
    std::filesystem::path path;  // as found on the search path
    PluginKind kind = PluginKind::driver;
    std::uint32_t interface_version = 0;
    std::string id;               // "driver.modbus", "com.example.driver.foo"
    std::string version;          // of the plugin
    std::string build_tag;        // what must equal the host's
    std::string compiler;         // recorded, never compared
    std::string imgui_version;    // widgets; else ""
    std::string settings_schema;  // JSON Schema draft-07

    // The id without its kind, as devices name their driver: "modbus", "com.example.foo".
    [[nodiscard]] std::string short_name() const;
};

// A file that was turned away. Nothing of it has run.
struct PluginRefusal {
    std::filesystem::path path;
    std::string id;        // "" if the file does not even say
    std::string sentence;  // what was found, what was wanted, what to rebuild; without the path
};

}  // namespace penstock::guests
