#include "core/guests/plugin_judge.hpp"

#include <algorithm>
#include <optional>
#include <vector>

#include <penstock/abi/alarm_policy.hpp>
#include <penstock/abi/driver.hpp>
#include <penstock/abi/historian.hpp>
#include <penstock/abi/transport.hpp>
#include <penstock/abi/widget.hpp>
#include <penstock/detail/manifest_bake.hpp>

#include "core/guests/printable.hpp"

#ifdef PENSTOCK_HAVE_IMGUI
#include <imgui.h>
#endif

namespace penstock::guests {
namespace {

struct ServedKind {
    PluginKind kind;
    std::uint32_t interface_version;
};
constexpr ServedKind kServedKinds[] = {
    {PluginKind::driver, abi::kDriverInterface},
    {PluginKind::historian, abi::kHistorianInterface},
    {PluginKind::alarm_policy, abi::kAlarmPolicyInterface},
    {PluginKind::transport, abi::kTransportInterface},
    {PluginKind::widget, abi::kWidgetInterface},
};

std::unexpected<Error> refuse(std::string sentence) { return fail(ErrorCode::invalid_config, std::move(sentence)); }

const ServedKind* find_kind(std::string_view word) {
    const auto* found = std::ranges::find_if(kServedKinds, [&](const ServedKind& k) { return to_string(k.kind) == word; });
    return found == std::end(kServedKinds) ? nullptr : found;
}

std::string known_kinds() {
    std::string words;
    for (const auto& served : kServedKinds) words += (words.empty() ? "" : ", ") + std::string(to_string(served.kind));
    return words;
}

bool is_lower(char c) { return c >= 'a' && c <= 'z'; }
bool is_digit(char c) { return c >= '0' && c <= '9'; }

bool is_word(std::string_view word) {
    return !word.empty() && is_lower(word.front())
           && std::ranges::all_of(word, [](char c) { return is_lower(c) || is_digit(c) || c == '_'; });
}

std::vector<std::string_view> split(std::string_view text, char separator) {
    std::vector<std::string_view> parts;
    for (std::size_t end = text.find(separator); end != std::string_view::npos; end = text.find(separator)) {
        parts.push_back(text.substr(0, end));
        text.remove_prefix(end + 1);
    }
    parts.push_back(text);
    return parts;
}

bool is_version(std::string_view version) {
    const auto parts = split(version, '.');
    return parts.size() == 3
           && std::ranges::all_of(parts, [](std::string_view p) { return !p.empty() && std::ranges::all_of(p, is_digit); });
}

std::optional<std::string> fault_of_interface(const ManifestView& manifest, const ServedKind& served) {
    if (manifest.interface_version == served.interface_version) return std::nullopt;
    const bool is_newer = manifest.interface_version > served.interface_version;
    return "the plugin speaks version " + std::to_string(manifest.interface_version) + " of the "
           + std::string(to_string(served.kind)) + " interface; wanted version " + std::to_string(served.interface_version)
           + (is_newer ? ": use a newer Penstock, or rebuild the plugin with this Penstock's SDK"
                       : ": rebuild the plugin with this Penstock's SDK");
}

std::optional<std::string> fault_of_build(const ManifestView& manifest, const HostAbi& host) {
    if (manifest.build_tag == host.build_tag) return std::nullopt;
    return "the plugin was built as " + in_quotes(manifest.build_tag) + " (by " + printable(manifest.compiler) + "); wanted " +
           in_quotes(host.build_tag) + ", as this program was built: rebuild the plugin with the same processor, standard library "
           "switches and sanitizers";
}

std::optional<std::string> fault_of_imgui(const ManifestView& manifest, const HostAbi& host, PluginKind kind) {
    if (kind != PluginKind::widget || manifest.imgui_version == host.imgui_version) return std::nullopt;
    if (host.imgui_version.empty())
        return "the plugin draws with ImGui " + printable(manifest.imgui_version) + "; this program was built without ImGui";
    return "the plugin was built with ImGui " + in_quotes(manifest.imgui_version) + "; wanted " + in_quotes(host.imgui_version)
           + ": rebuild the plugin with this ImGui";
}

}  // namespace

HostAbi HostAbi::own() {
    HostAbi host;
    host.build_tag = std::string(detail::kBuildTag);
#ifdef PENSTOCK_HAVE_IMGUI
    host.imgui_version = IMGUI_VERSION;
#endif
    return host;
}

bool is_plugin_id(std::string_view id, PluginKind kind) noexcept {
    const auto words = split(id, '.');
    return words.size() >= 2 && words[words.size() - 2] == to_string(kind) && std::ranges::all_of(words, is_word);
}

// In this order: a wrong interface or build explains more than whatever else is wrong then.
Result<PluginInfo> judge(const ManifestView& manifest, const HostAbi& host) {
    const ServedKind* served = find_kind(manifest.kind);
    if (served == nullptr)
        return refuse("the plugin is of kind " + in_quotes(manifest.kind) + "; wanted one of: " + known_kinds());
    if (const auto fault = fault_of_interface(manifest, *served)) return refuse(*fault);
    if (const auto fault = fault_of_build(manifest, host)) return refuse(*fault);
    if (const auto fault = fault_of_imgui(manifest, host, served->kind)) return refuse(*fault);
    if (!is_plugin_id(manifest.id, served->kind)) {
        const std::string kind(to_string(served->kind));
        return refuse("the plugin's id is " + in_quotes(manifest.id) + "; wanted " + kind + ".NAME or OWNER." + kind
                      + ".NAME in words of a-z, 0-9 and _");
    }
    if (!is_version(manifest.version)) {
        return refuse("the plugin's version is " + in_quotes(manifest.version) + "; wanted three numbers as in 1.0.0");
    }
    if (!manifest.has_factory) {
        return refuse("the library has a manifest but does not export " + std::string(kFactorySymbol)
                      + "; wanted a library made by penstock_add_plugin(), which sees to it");
    }
    PluginInfo info;
    info.kind = served->kind;
    info.interface_version = manifest.interface_version;
    info.id = manifest.id;
    info.version = manifest.version;
    info.build_tag = manifest.build_tag;
    info.compiler = printable(manifest.compiler);
    info.imgui_version = manifest.imgui_version;
    info.settings_schema = manifest.settings_schema;
    return info;
}

// The kind is the last word but one, as judge() made sure.
std::string PluginInfo::short_name() const {
    const auto dot = id.rfind('.');
    return id.substr(0, dot - to_string(kind).size()) + id.substr(dot + 1);
}

}  // namespace penstock::guests
