#pragma once

// The manifest's bytes (penstock/manifest.hpp) as texts and numbers. Says what is there, judges nothing.

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include <penstock/result.hpp>

namespace penstock::guests {

inline constexpr std::string_view kFactorySymbol = "penstock_plugin_factory";

// Views into the bytes that were parsed.
struct ManifestView {
    std::uint32_t interface_version = 0;
    bool has_factory = false;  // the library exports kFactorySymbol
    std::string_view kind, id, version, build_tag, compiler, imgui_version, settings_schema;
};

// Error invalid_config: wrong magic or format, a length that does not fit, a checksum that does not agree. Bytes behind
// the manifest's own size are padding. [any-thread]
[[nodiscard]] Result<ManifestView> parse_manifest(std::span<const std::byte> bytes);

// The manifest of a shared library's bytes, its section `.penstock`, and whether there is a factory. [any-thread]
[[nodiscard]] Result<ManifestView> read_manifest(std::span<const std::byte> library_file);

}  // namespace penstock::guests
