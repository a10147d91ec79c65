#pragma once

// Registries over the test plugins.

#include <stdexcept>
#include <string>

#include "core/guests/plugin_registry.hpp"
#include "tests/core/guests/support/bytes.hpp"

namespace penstock::guests::testing {

inline std::filesystem::path guest_file(const std::string& name) {
    return std::filesystem::path(PENSTOCK_GUEST_DIR) / (name + ".so");
}

// Private copies go below the test's own folder.
inline PluginRegistry scan_in(const TemporaryFolder& folder, const SearchPaths& paths) {
    return PluginRegistry::scan(paths, {.runtime_folder = folder / "runtime"});
}

inline base::SettingsDocument settings_from(std::string_view text) {
    auto document = base::SettingsDocument::parse(text);
    if (!document) throw std::runtime_error(document.error().text());
    return std::move(*document);
}

}  // namespace penstock::guests::testing
