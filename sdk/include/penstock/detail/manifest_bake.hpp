#pragma once

// Flattens a manifest into bytes at compile time; the layout is that of manifest.hpp.

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include <penstock/detail/build_tag.hpp>
#include <penstock/manifest.hpp>

namespace penstock::detail {

// What a manifest says. Views of texts that exist at compile time.
struct ManifestTexts {
    constexpr ManifestTexts(PluginKind the_kind, std::uint32_t interface, std::string_view the_id, std::string_view the_version,
                            std::string_view imgui, std::string_view the_schema)
        : kind(the_kind),
          interface_version(interface),
          id(the_id),
          version(the_version),
          imgui_version(imgui),
          schema(the_schema) {}
    PluginKind kind;
    std::uint32_t interface_version;
    std::string_view id, version, imgui_version, schema;

    [[nodiscard]] constexpr std::array<std::string_view, 7> texts() const {
        return {to_string(kind), id, version, kBuildTag, kCompilerName, imgui_version, schema};
    }
    [[nodiscard]] constexpr std::size_t size() const {
        std::size_t total = kManifestMagic.size() + 3 * 4 + 4;  // magic, three numbers, check sum
        for (const auto text : texts()) total += 4 + text.size();
        return total;
    }
};

// CRC-32 as in IEEE 802.3 (reflected, polynomial 0xEDB88320).
constexpr std::array<std::uint32_t, 256> make_crc_table() {
    std::array<std::uint32_t, 256> table{};
    for (std::uint32_t i = 0; i < 256; ++i) {
        std::uint32_t value = i;
        for (int bit = 0; bit < 8; ++bit) value = (value & 1U) != 0 ? value >> 1U ^ 0xEDB88320U : value >> 1U;
        table[i] = value;
    }
    return table;
}
inline constexpr auto kCrcTable = make_crc_table();

[[nodiscard]] constexpr std::uint32_t crc32(const char* bytes, std::size_t size) noexcept {
    std::uint32_t crc = 0xFFFFFFFFU;
    for (const char* p = bytes; p != bytes + size; ++p)
        crc = kCrcTable[(crc ^ static_cast<unsigned char>(*p)) & 0xFFU] ^ crc >> 8U;
    return crc ^ 0xFFFFFFFFU;
}

// Raw pointers, since every step costs at compile time and a schema may have 42 kB.
constexpr char* put_number(char* at, std::uint32_t number) {
    for (int shift = 0; shift < 32; shift += 8) *at++ = static_cast<char>(static_cast<unsigned char>(number >> shift));
    return at;
}
constexpr char* put_bytes(char* at, std::string_view bytes) {
    for (const char byte : bytes) *at++ = byte;
    return at;
}

// `describe` is a function that returns ManifestTexts: as a template argument, so that the size is known.
template <auto describe>
consteval auto bake_manifest() {
    constexpr ManifestTexts manifest = describe();
    constexpr std::size_t size = manifest.size();
    static_assert(size <= kMaxManifestBytes, "the manifest is larger than 1 MiB");
    static_assert(!manifest.id.empty() && manifest.id.size() <= 128, "the plugin's id has to have 1 to 128 bytes");
    static_assert(!manifest.version.empty() && manifest.version.size() <= 128,
                  "the plugin's version has to have 1 to 128 bytes");
    std::array<char, size> out{};
    char* at = put_bytes(out.data(), kManifestMagic);
    at = put_number(at, kManifestFormat);
    at = put_number(at, static_cast<std::uint32_t>(size));
    at = put_number(at, manifest.interface_version);
    for (const auto text : manifest.texts()) at = put_bytes(put_number(at, static_cast<std::uint32_t>(text.size())), text);
    put_number(at, crc32(out.data(), size - 4));
    return out;
}

// What the library makes of a class: specialised by the header of each kind (detail/*_adapter.hpp) with kKind, kInterface,
// kImguiVersion and make(birth), which returns the guest table.
template <class Class>
struct PluginTraits {
    static_assert(sizeof(Class) == 0,
                  "the class derives from none of the SDK's bases (PollingDriver, Driver, BlockingDriver, "
                  "Historian, Transport), and is no WidgetSet");
};

}  // namespace penstock::detail
