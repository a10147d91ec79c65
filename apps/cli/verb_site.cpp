// Verbs that need no server: new site, check, plugins.

#include <cstdio>
#include <filesystem>

#include "apps/cli/text.hpp"
#include "apps/cli/verbs.hpp"
#include "core/guests/plugin_registry.hpp"
#include "core/site/new_site.hpp"
#include "core/site/site.hpp"
#include "core/wire/json_text.hpp"

namespace penstock::cli {
namespace {

guests::PluginRegistry usual_plugins() { return guests::PluginRegistry::scan(guests::default_search_paths()); }

// Files that were turned away deserve a word wherever plugins matter; the good ones go on.
void mention_refusals(const guests::PluginRegistry& registry) {
    for (const auto& refusal : registry.refusals())
        std::fprintf(stderr, "penstock: %s: %s\n", printable(refusal.path.string()).c_str(),
                     printable(refusal.sentence).c_str());
}

wire::Json json_of(const guests::PluginInfo& plugin) {
    wire::Json json;
    json["id"] = plugin.id;
    json["kind"] = to_string(plugin.kind);
    json["version"] = plugin.version;
    json["interface"] = plugin.interface_version;
    json["path"] = plugin.path.string();
    json["compiler"] = plugin.compiler;
    return json;
}

wire::Json json_of(const guests::PluginRefusal& refusal) {
    wire::Json json;
    json["id"] = refusal.id;
    json["path"] = refusal.path.string();
    json["refused"] = refusal.sentence;
    return json;
}

}  // namespace

int run_new_site(const GlobalOptions& global, const NewSiteOptions& options) {
    const auto files = site::new_site(options.folder, options.modbus_endpoint);
    if (!files) return report(files.error());
    if (global.json) {
        wire::Json json;
        json["folder"] = options.folder;
        json["files"] = *files;
        print_line(wire::json_line(json));
        return kDone;
    }
    for (const auto& file : *files) print_line("wrote " + printable((std::filesystem::path(options.folder) / file).string()));
    print_line("next: penstock-server --data DATA --site " + printable(options.folder));
    return kDone;
}

int run_check(const GlobalOptions& global, const CheckOptions& options) {
    const auto registry = usual_plugins();
    const auto result = site::load_site(options.folder, options.params, registry);
    if (global.json) {
        print_line(site::to_json(result.faults));
        return result.faults.empty() ? kDone : kRefused;
    }
    for (const auto& fault : result.faults) print_line(fault.text());
    if (result.site) {
        print_line(result.site->summary());
        return kDone;
    }
    std::fprintf(stderr, "penstock: %zu %s in %s\n", result.faults.size(), result.faults.size() == 1 ? "fault" : "faults",
                 printable(options.folder).c_str());
    return kRefused;
}

int run_plugins(const GlobalOptions& global, const PluginsOptions& options) {
    const auto registry = options.path.empty() ? usual_plugins() : guests::PluginRegistry::scan({options.path});
    if (global.json) {
        auto json = wire::Json::array();
        for (const auto& plugin : registry.list()) json.push_back(json_of(plugin));
        for (const auto& refusal : registry.refusals()) json.push_back(json_of(refusal));
        print_line(wire::json_line(json));
    } else {
        Table table;
        for (const auto& plugin : registry.list())
            table.row({printable(plugin.id), printable(plugin.version), printable(plugin.path.string())});
        print(table.text());
        mention_refusals(registry);
    }
    if (registry.list().empty() && registry.refusals().empty()) {
        const auto where = options.path.empty() ? std::string("the usual places") : options.path;
        return report(Error(ErrorCode::not_found, "no plugin is found in " + where));
    }
    return registry.refusals().empty() ? kDone : kRefused;
}

}  // namespace penstock::cli
