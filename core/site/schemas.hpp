#pragma once

// The formats of a site's files as JSON Schema (draft-07), for editors: `penstock schema SITE`. Made from the very tables that
// check a site (format.hpp), with what the plugins say about devices and widgets filled in.

#include <string>
#include <vector>

namespace penstock::guests {
class PluginRegistry;
}

namespace penstock::site {

class SitePlugins;

struct SchemaFile {
    std::string name;   // "device.schema.json"
    std::string files;  // which files of a site it is for: "devices/*.json"
    std::string text;   // indented JSON
};

// Of site.json, devices, tags, alarms and screens. A plugin that cannot be asked is left out. [worker]
[[nodiscard]] std::vector<SchemaFile> site_schemas(SitePlugins& plugins);
[[nodiscard]] std::vector<SchemaFile> site_schemas(const guests::PluginRegistry& registry);

}  // namespace penstock::site
