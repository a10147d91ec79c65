#pragma once

// A loaded library, and the birth of its instances. A library is never unloaded: coroutine frames, thread-locals and
// exception objects of it may outlive every count that we could keep.
//
// Every birth is guarded: whatever the factory does (throws, answers nothing, answers half), the caller gets an Error
// that names the plugin.

#include <filesystem>
#include <memory>
#include <string_view>

#include <penstock/abi/alarm_policy.hpp>
#include <penstock/abi/driver.hpp>
#include <penstock/abi/historian.hpp>
#include <penstock/abi/plugin.hpp>
#include <penstock/abi/transport.hpp>
#include <penstock/abi/widget.hpp>
#include <penstock/result.hpp>

#include "core/base/settings_document.hpp"
#include "core/guests/plugin_info.hpp"

namespace penstock::guests {

class PluginLibrary {
public:
    PluginLibrary(PluginInfo info, std::filesystem::path loaded_copy, abi::Factory* factory)
        : info_(std::move(info)), loaded_copy_(std::move(loaded_copy)), factory_(factory) {}

    [[nodiscard]] const PluginInfo& info() const noexcept { return info_; }
    [[nodiscard]] const std::filesystem::path& loaded_copy() const noexcept { return loaded_copy_; }
    [[nodiscard]] abi::Factory* factory() const noexcept { return factory_; }

private:
    PluginInfo info_;
    std::filesystem::path loaded_copy_;
    abi::Factory* factory_;
};

// The side that allocates frees: a guest ends by its own release().
struct ReleaseGuest {
    template <class Guest>
    void operator()(Guest* guest) const noexcept {
        guest->release();
    }
};
using DriverOwner = std::unique_ptr<abi::DriverGuest, ReleaseGuest>;
using HistorianOwner = std::unique_ptr<abi::HistorianGuest, ReleaseGuest>;
using ReaderOwner = std::unique_ptr<abi::ReaderGuest, ReleaseGuest>;
using AlarmPolicyOwner = std::unique_ptr<abi::AlarmPolicyGuest, ReleaseGuest>;
using TransportOwner = std::unique_ptr<abi::TransportGuest, ReleaseGuest>;
using WidgetLibraryOwner = std::unique_ptr<abi::WidgetLibraryGuest, ReleaseGuest>;
using WidgetOwner = std::unique_ptr<abi::WidgetGuest, ReleaseGuest>;

// `settings` and `io` outlive the instance; `instance` is its name in logs and errors ("plc1"). Error: invalid_config for
// settings that the plugin refuses, internal for a broken factory. [strand of `io`]
[[nodiscard]] Result<DriverOwner> create_driver(const PluginLibrary& library, const base::SettingsDocument& settings,
                                                abi::HostIo& io, std::string_view instance);
[[nodiscard]] Result<TransportOwner> create_transport(const PluginLibrary& library, const base::SettingsDocument& settings,
                                                      abi::HostIo& io, std::string_view instance);
// [worker], the historian's own
[[nodiscard]] Result<HistorianOwner> create_historian(const PluginLibrary& library, const base::SettingsDocument& settings,
                                                      std::string_view instance);
// [engine], or before it runs
[[nodiscard]] Result<AlarmPolicyOwner> create_alarm_policy(const PluginLibrary& library, const base::SettingsDocument& settings,
                                                           std::string_view instance);
// [ui]
[[nodiscard]] Result<WidgetLibraryOwner> create_widget_library(const PluginLibrary& library,
                                                               const base::SettingsDocument& settings);
[[nodiscard]] Result<WidgetOwner> create_widget(abi::WidgetLibraryGuest& library, const PluginInfo& info,
                                                std::string_view type);

// A fault that `info`'s plugin reported, as an Error that names the plugin. `instance` is the place.
[[nodiscard]] Error to_error(const abi::Fault& fault, const PluginInfo& info, std::string_view instance);

}  // namespace penstock::guests
