#pragma once

// PENSTOCK_PLUGIN(Class, id, version, settings_schema) makes a library of a class: it bakes the manifest and exports the
// factory. Once per library, at namespace scope, in a source file.
//
//     inline constexpr std::string_view kSchema = R"({"type": "object", "properties": {"endpoint": {"type": "string"}}})";
//     PENSTOCK_PLUGIN(EchoDriver, "driver.echo", "1.0.0", kSchema);
//
// Class      derives from one of the SDK's bases (driver.hpp, transport.hpp, widget.hpp); the kind follows from it.
//            Its constructor takes (penstock::Settings, penstock::Io), for widgets see there.
// id         the kind, a dot, a name; strangers put a reverse owner before it: "com.example.driver.echo"
// version    of the plugin, "major.minor.patch"
// schema     JSON Schema draft-07 of its settings; for drivers, of the whole device file
//
// Nothing of the library runs before the host has read and judged the manifest.

#include <penstock/abi/plugin.hpp>
#include <penstock/detail/manifest_bake.hpp>
#include <penstock/manifest.hpp>

// guest_adapter<Class>() is declared by the header of each kind (detail/*_adapter.hpp).
#define PENSTOCK_PLUGIN(Class, id, version, schema)                                                              \
    namespace penstock::detail {                                                                                 \
    [[gnu::section(".penstock"), gnu::used, gnu::retain, gnu::aligned(8)]] constinit const auto plugin_manifest =      \
        bake_manifest<[] { return ManifestTexts(kind_of<Class>(), interface_of<Class>(), id, version, schema); }>();       \
    }                                                                                                            \
    extern "C" [[gnu::visibility("default")]] void* penstock_plugin_factory(const ::penstock::abi::Birth& birth,       \
                                                                            ::penstock::abi::Fault& fault) noexcept {  \
        return ::penstock::detail::make_guest<Class>(birth, fault);                                              \
    }                                                                                                            \
    static_assert(true)
