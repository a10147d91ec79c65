#pragma once

// Libraries and manifests as bytes, for tests that bend them.

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include <penstock/abi/driver.hpp>
#include <penstock/detail/manifest_bake.hpp>
#include <penstock/manifest.hpp>

namespace penstock::guests::testing {

using Bytes = std::vector<std::byte>;

// What to write into a manifest; by default that of a driver which this host takes.
struct ManifestFields {
    std::string magic = std::string(kManifestMagic);
    std::uint32_t format = kManifestFormat;
    std::optional<std::uint32_t> size;  // instead of the right one
    std::uint32_t interface_version = abi::kDriverInterface;
    std::string kind = "driver", id = "driver.test", version = "1.0.0", build_tag = std::string(detail::kBuildTag),
                compiler = "a compiler", imgui_version, settings_schema = "{}";
    std::uint32_t crc_error = 0;  // xor
};

Bytes manifest_bytes(const ManifestFields& fields);

// The smallest library that has this section: headers, one segment, two sections.
Bytes library_with_section(const std::string& name, const Bytes& content);

// A copy of the library whose manifest is another one, which has to fit into the room of the old one.
Bytes with_manifest(Bytes library, const ManifestFields& fields);

Bytes read_file(const std::filesystem::path& path);
void write_file(const std::filesystem::path& path, const Bytes& bytes);

// A fresh folder, removed at the end.
class TemporaryFolder {
public:
    TemporaryFolder();
    TemporaryFolder(const TemporaryFolder&) = delete;
    TemporaryFolder& operator=(const TemporaryFolder&) = delete;
    ~TemporaryFolder();
    [[nodiscard]] const std::filesystem::path& path() const noexcept { return path_; }
    [[nodiscard]] std::filesystem::path operator/(const std::string& name) const { return path_ / name; }

private:
    std::filesystem::path path_;
};

}  // namespace penstock::guests::testing
