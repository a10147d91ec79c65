#include "core/guests/manifest_reader.hpp"

#include <cstring>
#include <optional>
#include <string>

#include <penstock/detail/manifest_bake.hpp>
#include <penstock/manifest.hpp>

#include "core/guests/elf_reader.hpp"

namespace penstock::guests {
namespace {

constexpr std::size_t kHeadBytes = 16;  // magic, format, size
constexpr std::size_t kMostNameBytes = 128;
constexpr std::size_t kMostTagBytes = 1024;

std::unexpected<Error> refuse(std::string sentence) { return fail(ErrorCode::invalid_config, std::move(sentence)); }

std::uint32_t checksum(std::span<const std::byte> bytes) {
    return detail::crc32(reinterpret_cast<const char*>(bytes.data()), bytes.size());
}

// Takes numbers and texts off the front; once something is missing, everything after it is too.
class Cursor {
public:
    explicit Cursor(std::span<const std::byte> bytes) : rest_(bytes) {}

    std::uint32_t u32() {
        const auto bytes = take(4);
        if (bytes.size() != 4) return 0;
        std::uint32_t value = 0;
        for (std::size_t i = 4; i-- > 0;) value = (value << 8U) | std::to_integer<std::uint32_t>(bytes[i]);
        return value;
    }

    std::string_view text(std::size_t most) {
        const std::size_t size = u32();
        if (size > most) failed_ = true;
        const auto bytes = take(size);
        return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
    }

    [[nodiscard]] bool failed() const { return failed_; }
    [[nodiscard]] bool at_end() const { return rest_.empty(); }

private:
    std::span<const std::byte> take(std::size_t size) {
        if (failed_ || size > rest_.size()) {
            failed_ = true;
            return {};
        }
        const auto taken = rest_.first(size);
        rest_ = rest_.subspan(size);
        return taken;
    }

    std::span<const std::byte> rest_;
    bool failed_ = false;
};

// The manifest without padding and checksum, both of which were right.
Result<std::span<const std::byte>> check_envelope(std::span<const std::byte> bytes) {
    if (bytes.size() < kHeadBytes + 4)
        return refuse("the manifest is cut off: it has " + std::to_string(bytes.size()) + " bytes");
    if (std::memcmp(bytes.data(), kManifestMagic.data(), kManifestMagic.size()) != 0) {
        return refuse("the manifest does not begin with " + std::string(kManifestMagic)
                      + ": the section belongs to something else");
    }
    Cursor head(bytes.subspan(kManifestMagic.size()));
    const std::uint32_t format = head.u32();
    const std::uint32_t size = head.u32();
    if (format != kManifestFormat) {
        return refuse("the manifest has format " + std::to_string(format) + "; wanted " + std::to_string(kManifestFormat)
                      + ": rebuild the plugin with this Penstock's SDK");
    }
    if (size > kMaxManifestBytes || size > bytes.size() || size < kHeadBytes + 4) {
        return refuse("the manifest is damaged: it says that it has " + std::to_string(size) + " bytes, its section has "
                      + std::to_string(bytes.size()) + ", at most " + std::to_string(kMaxManifestBytes) + " are allowed");
    }
    const auto content = bytes.first(size - 4);
    if (Cursor(bytes.subspan(size - 4)).u32() != checksum(content))
        return refuse("the manifest is damaged: its checksum does not agree");
    return content;
}

}  // namespace

Result<ManifestView> parse_manifest(std::span<const std::byte> bytes) {
    const auto content = check_envelope(bytes);
    if (!content) return std::unexpected(content.error());
    Cursor cursor(content->subspan(kHeadBytes));
    ManifestView manifest;
    manifest.interface_version = cursor.u32();
    manifest.kind = cursor.text(kMostNameBytes);
    manifest.id = cursor.text(kMostNameBytes);
    manifest.version = cursor.text(kMostNameBytes);
    manifest.build_tag = cursor.text(kMostTagBytes);
    manifest.compiler = cursor.text(kMostTagBytes);
    manifest.imgui_version = cursor.text(kMostNameBytes);
    manifest.settings_schema = cursor.text(kMaxManifestBytes);
    if (cursor.failed()) return refuse("the manifest is damaged: the length of a text does not fit");
    if (!cursor.at_end()) return refuse("the manifest is damaged: there is more behind its last text");
    return manifest;
}

Result<ManifestView> read_manifest(std::span<const std::byte> library_file) {
    const auto library = ElfLibrary::open(library_file);
    if (!library) return std::unexpected(library.error());
    const auto section = library->section(".penstock");
    if (!section) return std::unexpected(section.error());
    auto manifest = parse_manifest(*section);
    if (manifest) manifest->has_factory = library->exports(kFactorySymbol);
    return manifest;
}

}  // namespace penstock::guests
