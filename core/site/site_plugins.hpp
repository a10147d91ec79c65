#pragma once

// What checking a site needs to know of plugins. The real source is a guests::PluginRegistry (registry_plugins.hpp); tests
// bring their own.

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include <penstock/alarm_policy.hpp>
#include <penstock/result.hpp>

#include "core/base/settings_document.hpp"
#include "core/guests/address_checker.hpp"

namespace penstock::site {

// Asks the driver of one device what addresses mean.
class DeviceAddresses {
public:
    virtual ~DeviceAddresses() = default;
    // Error: the driver's own sentence.
    [[nodiscard]] virtual Result<guests::AddressInfo> parse(std::string_view address) = 0;
};

// One widget type: draft-07 schemas of its properties and the bindings it knows, as abi::WidgetLibraryGuest::type_schema.
struct WidgetType {
    std::string name;
    std::string schema;
};

class SitePlugins {
public:
    virtual ~SitePlugins() = default;

    // Ids of all usable plugins: "driver.modbus".
    [[nodiscard]] virtual std::vector<std::string> ids() const = 0;
    // The plugin's settings schema; null if there is no such plugin.
    [[nodiscard]] virtual const std::string* schema(std::string_view id) const = 0;
    // Why there is no such plugin: a sentence.
    [[nodiscard]] virtual Error why_missing(std::string_view id) const = 0;
    // A driver instance that answers for addresses; `settings` outlives it. Error: the plugin cannot be loaded, or
    // refuses the settings.
    [[nodiscard]] virtual Result<std::unique_ptr<DeviceAddresses>> open_device(std::string_view id,
                                                                               const base::SettingsDocument& settings,
                                                                               std::string_view device) = 0;
    [[nodiscard]] virtual Result<std::vector<WidgetType>> widget_types(std::string_view id,
                                                                       const base::SettingsDocument& settings) = 0;
    // Outputs and parameters of an alarm policy.
    [[nodiscard]] virtual Result<PolicyShape> policy_shape(std::string_view id, const base::SettingsDocument& settings) = 0;
};

}  // namespace penstock::site
