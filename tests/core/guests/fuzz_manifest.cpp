// Any bytes as a plugin's file: the reader never crashes, never reads outside them, and what it finds lies inside them.

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <span>
#include <string_view>

#include "core/guests/manifest_reader.hpp"
#include "core/guests/plugin_judge.hpp"

namespace {

void check_inside(std::span<const std::byte> file, std::string_view text) {
    const auto* const begin = reinterpret_cast<const char*>(file.data());
    if (!text.empty() && (text.data() < begin || text.data() + text.size() > begin + file.size())) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace penstock::guests;
    const std::span file(reinterpret_cast<const std::byte*>(data), size);
    // As a library, and as the section alone: a checksum keeps a fuzzer from getting far by way of the library.
    for (const auto& manifest : {read_manifest(file), parse_manifest(file)}) {
        if (!manifest) {
            if (manifest.error().sentence().empty()) std::abort();
            continue;
        }
        for (const auto text : {manifest->kind, manifest->id, manifest->version, manifest->build_tag, manifest->compiler,
                                manifest->imgui_version, manifest->settings_schema}) {
            check_inside(file, text);
        }
        static const HostAbi host = HostAbi::own();
        const auto verdict = judge(*manifest, host);
        if (verdict && !is_plugin_id(verdict->id, verdict->kind)) std::abort();
    }
    return 0;
}
