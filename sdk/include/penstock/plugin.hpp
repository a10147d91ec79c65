#pragma once

// PENSTOCK_PLUGIN(Class, id, version, settings_schema) makes a library of a class: it bakes the manifest and exports the
// factory. Once per library, at namespace scope, in a source file.
//
//     constexpr std::string_view kSchema = R"({"type": "object", "properties": {"endpoint": {"type": "string"}}})";
//     PENSTOCK_PLUGIN(EchoDriver, "driver.echo", "1.0.0", kSchema);
//
// Class      derives from one of the SDK's bases (driver.hpp, historian.hpp, transport.hpp, widget.hpp); the kind
//            follows from it. Its constructor takes (penstock::Settings, penstock::Io), a historian's (penstock::Settings),
//            for widgets see there. No comma in it: give a template with
//            several arguments a name (`using Widgets = penstock::WidgetSet<Tank, Pump>;`)
// id         the kind, a dot, a name; strangers put a reverse owner before it: "com.example.driver.echo"
// version    of the plugin, "major.minor.patch"
// schema     JSON Schema draft-07 of its settings; for drivers, of the whole device file. A literal or a constexpr string_view
//
// Nothing of the library runs before the host has read and judged the manifest.

#include <string>

#include <penstock/abi/plugin.hpp>
#include <penstock/detail/guard.hpp>
#include <penstock/detail/manifest_bake.hpp>
#include <penstock/manifest.hpp>

namespace penstock::detail {

// The guest table of a new instance, or null and why.
template <class Class>
void* make_guest(const abi::Birth& birth, abi::Fault& fault) noexcept {
    using Traits = PluginTraits<Class>;
    void* guest = nullptr;
    guarded(fault, [&] {
        if (birth.interface_version != Traits::kInterface) {
            throw LinkError(ErrorCode::unsupported, "the host speaks version " + std::to_string(birth.interface_version)
                                                        + " of the " + std::string(to_string(Traits::kKind))
                                                        + " interface, the plugin version "
                                                        + std::to_string(Traits::kInterface));
        }
        guest = Traits::make(birth);
    });
    return guest;
}

}  // namespace penstock::detail

// The address sanitizer would put a red zone behind the manifest.
#if defined(__clang__)
#define PENSTOCK_MANIFEST_PLAIN [[clang::no_sanitize("address")]]
#else
#define PENSTOCK_MANIFEST_PLAIN
#endif

#define PENSTOCK_PLUGIN(Class, id, version, schema)                                                                     \
    PENSTOCK_MANIFEST_PLAIN [[gnu::section(".penstock"), gnu::used, gnu::retain, gnu::aligned(8)]]                      \
    static constinit const auto penstock_plugin_manifest = ::penstock::detail::bake_manifest<[] {                       \
        using Traits = ::penstock::detail::PluginTraits<Class>;                                                         \
        return ::penstock::detail::ManifestTexts(Traits::kKind, Traits::kInterface, id, version, Traits::kImguiVersion, \
                                                 schema);                                                               \
    }>();                                                                                                               \
    extern "C" [[gnu::visibility("default")]] void* penstock_plugin_factory(const ::penstock::abi::Birth& birth,        \
                                                                            ::penstock::abi::Fault& fault) noexcept {   \
        return ::penstock::detail::make_guest<Class>(birth, fault);                                                     \
    }                                                                                                                   \
    static_assert(true)
