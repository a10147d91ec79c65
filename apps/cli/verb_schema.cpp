#include <filesystem>
#include <fstream>

#include "apps/cli/text.hpp"
#include "apps/cli/verbs.hpp"
#include "core/guests/plugin_registry.hpp"
#include "core/site/schemas.hpp"
#include "core/wire/json_text.hpp"

namespace penstock::cli {
namespace {

int write_files(const std::vector<site::SchemaFile>& schemas, const std::filesystem::path& folder) {
    std::error_code error;
    std::filesystem::create_directories(folder, error);
    for (const auto& schema : schemas) {
        const auto path = folder / schema.name;
        std::ofstream file(path, std::ios::trunc);
        file << schema.text << '\n';
        if (!file.flush()) return report(Error(ErrorCode::internal, "cannot be written", path.string()));
        print_line("wrote " + printable(path.string()) + " for " + schema.files);
    }
    return kDone;
}

}  // namespace

int run_schema(const GlobalOptions&, const SchemaOptions& options) {
    if (!std::filesystem::is_directory(options.folder))
        return report(Error(ErrorCode::not_found, "is no folder; wanted a site", options.folder));
    const auto registry = guests::PluginRegistry::scan(guests::default_search_paths());
    const auto schemas = site::site_schemas(registry);
    if (!options.out.empty()) return write_files(schemas, options.out);
    auto document = wire::Json::object();
    for (const auto& schema : schemas) document[schema.files] = wire::Json::parse(schema.text);
    print_line(document.dump(2));
    return kDone;
}

}  // namespace penstock::cli
