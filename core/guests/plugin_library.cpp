#include "core/guests/plugin_library.hpp"

#include <string>

#include <penstock/detail/guard.hpp>

#include "core/guests/printable.hpp"

namespace penstock::guests {
namespace {

// A factory is declared noexcept, and PENSTOCK_PLUGIN makes it so. One written by hand may lie, and calling it as what it
// says would end the process; called through this type it can be caught.
using SuspectFactory = void*(const abi::Birth&, abi::Fault&);

Error broken(const PluginInfo& info, std::string_view instance, std::string sentence) {
    return Error(ErrorCode::internal, "plugin " + info.id + " " + info.version + " is broken: " + std::move(sentence),
                 std::string(instance));
}

Result<void*> call_factory(const PluginLibrary& library, const abi::Birth& birth) {
    const auto& info = library.info();
    const auto instance = birth.instance.view();
    abi::Fault fault;
    void* guest = nullptr;
    try {
        auto* const factory = static_cast<SuspectFactory*>(library.factory());
        guest = factory(birth, fault);
    } catch (...) {
        fault = abi::Fault();
        detail::describe_current_exception(fault);
        return std::unexpected(broken(info, instance, "its factory let an exception out: " + printable(fault.sentence())));
    }
    if (guest == nullptr && !fault.failed()) {
        return std::unexpected(broken(info, instance, "its factory returned nothing and gave no reason"));
    }
    if (guest == nullptr) return std::unexpected(to_error(fault, info, instance));
    return guest;
}

// The guest, which is what its manifest says that it is: nothing at run time can tell tables of two kinds apart.
template <class Guest>
Result<std::unique_ptr<Guest, ReleaseGuest>> bear(const PluginLibrary& library, PluginKind kind,
                                                  std::uint32_t interface_version, const base::SettingsDocument& settings,
                                                  abi::HostIo* io, std::string_view instance) {
    if (library.info().kind != kind) {
        return fail(ErrorCode::invalid_argument,
                    "plugin " + library.info().id + " is of kind " + std::string(to_string(library.info().kind)) + "; wanted "
                        + std::string(to_string(kind)),
                    std::string(instance));
    }
    const abi::Birth birth{.interface_version = interface_version,
                           .reserved = 0,
                           .io = io,
                           .settings = &settings.root(),
                           .instance = abi::text(instance)};
    const auto guest = call_factory(library, birth);
    if (!guest) return std::unexpected(guest.error());
    return std::unique_ptr<Guest, ReleaseGuest>(static_cast<Guest*>(*guest));
}

bool is_known(std::int32_t code) {
    return code >= static_cast<std::int32_t>(ErrorCode::not_found) && code <= static_cast<std::int32_t>(ErrorCode::internal);
}

}  // namespace

Error to_error(const abi::Fault& fault, const PluginInfo& info, std::string_view instance) {
    const auto sentence = fault.sentence();
    return Error(is_known(fault.code) ? static_cast<ErrorCode>(fault.code) : ErrorCode::internal,
                 "plugin " + info.id + ": " + (sentence.empty() ? "failed without saying why" : printable(sentence)),
                 std::string(instance), fault.retryable != 0);
}

Result<DriverOwner> create_driver(const PluginLibrary& library, const base::SettingsDocument& settings, abi::HostIo& io,
                                  std::string_view instance) {
    auto driver = bear<abi::DriverGuest>(library, PluginKind::driver, abi::kDriverInterface, settings, &io, instance);
    if (!driver) return driver;
    auto& guest = **driver;
    const int ways =
        (guest.polling() != nullptr ? 1 : 0) + (guest.blocking() != nullptr ? 1 : 0) + (guest.running() != nullptr ? 1 : 0);
    if (ways != 1) {
        return std::unexpected(
            broken(library.info(), instance,
                   "it offers " + std::to_string(ways) + " ways to run; wanted exactly one of polling, blocking, running"));
    }
    return driver;
}

Result<TransportOwner> create_transport(const PluginLibrary& library, const base::SettingsDocument& settings, abi::HostIo& io,
                                        std::string_view instance) {
    return bear<abi::TransportGuest>(library, PluginKind::transport, abi::kTransportInterface, settings, &io, instance);
}

Result<HistorianOwner> create_historian(const PluginLibrary& library, const base::SettingsDocument& settings,
                                        std::string_view instance) {
    return bear<abi::HistorianGuest>(library, PluginKind::historian, abi::kHistorianInterface, settings, nullptr, instance);
}

Result<AlarmPolicyOwner> create_alarm_policy(const PluginLibrary& library, const base::SettingsDocument& settings,
                                             std::string_view instance) {
    return bear<abi::AlarmPolicyGuest>(library, PluginKind::alarm_policy, abi::kAlarmPolicyInterface, settings, nullptr,
                                       instance);
}

Result<WidgetLibraryOwner> create_widget_library(const PluginLibrary& library, const base::SettingsDocument& settings) {
    return bear<abi::WidgetLibraryGuest>(library, PluginKind::widget, abi::kWidgetInterface, settings, nullptr,
                                         library.info().id);
}

Result<WidgetOwner> create_widget(abi::WidgetLibraryGuest& library, const PluginInfo& info, std::string_view type) {
    abi::Fault fault;
    WidgetOwner widget(library.create(abi::text(type), fault));
    if (widget == nullptr && !fault.failed()) {
        return std::unexpected(broken(info, type, "it made no widget and gave no reason"));
    }
    if (widget == nullptr) return std::unexpected(to_error(fault, info, type));
    return widget;
}

}  // namespace penstock::guests
