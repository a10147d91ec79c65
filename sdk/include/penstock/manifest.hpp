#pragma once

// What a plugin says about itself before any of its code runs: position-free bytes in the ELF section `.penstock`.
//
// Layout, little endian, no padding:
//   8   magic "PENSTOCK"
//   u32 manifest format (1)
//   u32 size of the whole manifest, these first 16 bytes included
//   u32 interface version of the kind (kDriverInterface ...)
//   then texts, each u32 length + bytes: kind, id, version, build tag, compiler, ImGui version (widgets; else ""),
//   settings schema (JSON Schema draft-07)
//   u32 CRC-32 (IEEE 802.3) of all before it
// Sizes are bounded: the whole manifest by 1 MiB, id and version by 128 bytes.
//
// The build tag holds what makes two libraries incompatible even across a plain table: processor, object format, standard
// library ABI switches, sanitizers. The compiler's name is recorded, never compared.

#include <cstdint>
#include <string_view>

namespace penstock {

enum class PluginKind : std::uint8_t { driver, historian, alarm_policy, authenticator, transport, gateway, widget, report };

// "driver" ...: the word in ids, folders and site files.
[[nodiscard]] constexpr std::string_view to_string(PluginKind kind) noexcept {
    constexpr std::string_view words[] = {"driver",    "historian", "alarm_policy", "authenticator",
                                          "transport", "gateway",   "widget",       "report"};
    return words[static_cast<unsigned>(kind)];
}

inline constexpr std::string_view kManifestMagic = "PENSTOCK";
inline constexpr std::uint32_t kManifestFormat = 1;
inline constexpr std::uint32_t kMaxManifestBytes = 1024 * 1024;

}  // namespace penstock
