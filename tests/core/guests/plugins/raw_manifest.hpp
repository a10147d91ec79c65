#pragma once

// The manifest alone, for libraries whose factory is written by hand or missing.

#include <penstock/abi/driver.hpp>
#include <penstock/detail/manifest_bake.hpp>

#define RAW_MANIFEST(id)                                                                                                 \
    namespace penstock::detail {                                                                                         \
    [[gnu::section(".penstock"), gnu::used, gnu::retain, gnu::aligned(8)]] constinit const auto plugin_manifest =        \
        bake_manifest<[] { return ManifestTexts(PluginKind::driver, abi::kDriverInterface, id, "1.0.0", "", "{}"); }>(); \
    }                                                                                                                    \
    static_assert(true)
