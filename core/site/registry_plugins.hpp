#pragma once

#include "core/guests/plugin_registry.hpp"
#include "core/site/site_plugins.hpp"

namespace penstock::site {

// Plugin knowledge from the libraries of this process. They are loaded when first asked; the registry outlives this.
class RegistryPlugins final : public SitePlugins {
public:
    explicit RegistryPlugins(const guests::PluginRegistry& registry) noexcept : registry_(registry) {}

    [[nodiscard]] std::vector<std::string> ids() const override;
    [[nodiscard]] const std::string* schema(std::string_view id) const override;
    [[nodiscard]] Error why_missing(std::string_view id) const override;
    [[nodiscard]] Result<std::unique_ptr<DeviceAddresses>> open_device(std::string_view id,
                                                                       const base::SettingsDocument& settings,
                                                                       std::string_view device) override;
    [[nodiscard]] Result<std::vector<WidgetType>> widget_types(std::string_view id,
                                                               const base::SettingsDocument& settings) override;
    [[nodiscard]] Result<PolicyShape> policy_shape(std::string_view id, const base::SettingsDocument& settings) override;

private:
    const guests::PluginRegistry& registry_;
};

}  // namespace penstock::site
