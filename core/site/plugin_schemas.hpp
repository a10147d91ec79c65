#pragma once

// Checks parts of a site against the schemas that plugins bring.

#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "core/base/json_schema.hpp"
#include "core/base/settings_document.hpp"
#include "core/site/json_document.hpp"
#include "core/site/site_plugins.hpp"

namespace penstock::site {

class PluginSchemas {
public:
    explicit PluginSchemas(const SitePlugins& plugins) : plugins_(plugins) {}
    // The compiled settings schema; null if there is no such plugin, or its schema is broken (a fault, once).
    [[nodiscard]] const base::JsonSchema* of(std::string_view plugin, FaultList& faults);

private:
    const SitePlugins& plugins_;
    std::map<std::string, std::optional<base::JsonSchema>, std::less<>> compiled_;
};

// The node that a JSON pointer leads to, or the deepest on its way that there is.
[[nodiscard]] JsonView resolve_pointer(JsonView root, std::string_view pointer);

// Checks `value` as it is, with the faults at their places.
bool check_schema(const base::JsonSchema& schema, const JsonView& value, FaultList& faults);
// The same for a device file: keys that only the host knows are not shown to the driver's schema, and a key that neither knows
// is a fault, unless the schema asks for more by "additionalProperties" or "patternProperties".
bool check_device_schema(const base::JsonSchema& schema, const JsonView& device, FaultList& faults);

// The document that a plugin is born with; sentences about its nodes name file, line and column.
[[nodiscard]] std::shared_ptr<const base::SettingsDocument> make_settings(const JsonView& value);

}  // namespace penstock::site
