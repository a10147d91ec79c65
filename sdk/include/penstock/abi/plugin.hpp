#pragma once

#include <penstock/abi/io.hpp>
#include <penstock/abi/settings.hpp>

namespace penstock::abi {

// What a plugin instance is born with.
struct Birth final {
    std::uint32_t interface_version;  // of the kind, as the host speaks it
    std::uint32_t reserved;
    HostIo* io;                    // null for widgets; in `penstock check` one whose waits all fail
    const SettingsNode* settings;  // never null; an empty object where there are none
    Text instance;                 // the device's or instance's name, for logs
};

// The one exported function, `penstock_plugin_factory`. Returns the guest table of the plugin's kind (DriverGuest,
// TransportGuest, WidgetLibraryGuest ...), or null with `fault` filled. The caller ends it by its release().
using Factory = void*(const Birth&, Fault&) noexcept;

}  // namespace penstock::abi
