#pragma once

#include <map>

#include "core/site/site_plugins.hpp"

namespace penstock::site::testing {

// Plugins that need no library: driver.modbus with addresses KIND:NUMBER[:TYPE] (coil, discrete, input, holding; bool,
// int, uint, double, string; below 65536), widget.basic with the types value, tank and button, and historian.memory and
// historian.sqlite without settings, and the alarm policies that come with Penstock, by their shapes.
class FakePlugins final : public SitePlugins {
public:
    FakePlugins();
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
    std::map<std::string, std::string, std::less<>> schemas_;
};

}  // namespace penstock::site::testing
