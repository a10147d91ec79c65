#include "core/site/registry_plugins.hpp"

#include "core/guests/address_checker.hpp"
#include "core/guests/policy_instance.hpp"

namespace penstock::site {
namespace {

class CheckedAddresses final : public DeviceAddresses {
public:
    CheckedAddresses(std::shared_ptr<guests::PluginLibrary> library, guests::AddressChecker checker)
        : library_(std::move(library)), checker_(std::move(checker)) {}
    [[nodiscard]] Result<guests::AddressInfo> parse(std::string_view address) override { return checker_.parse(address); }

private:
    std::shared_ptr<guests::PluginLibrary> library_;
    guests::AddressChecker checker_;
};

}  // namespace

std::vector<std::string> RegistryPlugins::ids() const {
    std::vector<std::string> ids;
    for (const guests::PluginInfo& info : registry_.list()) ids.push_back(info.id);
    return ids;
}

const std::string* RegistryPlugins::schema(std::string_view id) const {
    const guests::PluginInfo* const info = registry_.find(id);
    return info == nullptr ? nullptr : &info->settings_schema;
}

Error RegistryPlugins::why_missing(std::string_view id) const { return registry_.why_missing(id); }

Result<std::unique_ptr<DeviceAddresses>> RegistryPlugins::open_device(std::string_view id,
                                                                      const base::SettingsDocument& settings,
                                                                      std::string_view device) {
    auto library = registry_.load(id);
    if (!library) return std::unexpected(library.error());
    auto checker = guests::AddressChecker::create(**library, settings, device);
    if (!checker) return std::unexpected(checker.error());
    return std::make_unique<CheckedAddresses>(std::move(*library), std::move(*checker));
}

Result<std::vector<WidgetType>> RegistryPlugins::widget_types(std::string_view id, const base::SettingsDocument& settings) {
    const auto library = registry_.load(id);
    if (!library) return std::unexpected(library.error());
    const auto widgets = guests::create_widget_library(**library, settings);
    if (!widgets) return std::unexpected(widgets.error());
    std::vector<WidgetType> types;
    abi::WidgetLibraryGuest& guest = **widgets;
    for (std::uint32_t i = 0; i < guest.type_count(); ++i) {
        types.push_back({std::string(guest.type(i).view()), std::string(guest.type_schema(i).view())});
    }
    return types;
}

Result<PolicyShape> RegistryPlugins::policy_shape(std::string_view id, const base::SettingsDocument& settings) {
    const auto library = registry_.load(id);
    if (!library) return std::unexpected(library.error());
    auto guest = guests::create_alarm_policy(**library, settings, id);
    if (!guest) return std::unexpected(guest.error());
    const auto policy = guests::PolicyInstance::make(*std::move(guest), (*library)->info(), std::string(id));
    if (!policy) return std::unexpected(policy.error());
    return (*policy)->shape();
}

}  // namespace penstock::site
