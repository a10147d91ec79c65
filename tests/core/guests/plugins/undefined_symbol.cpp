// Needs a function that nobody has.

#include <penstock/abi/plugin.hpp>

#include "raw_manifest.hpp"

extern "C" void* penstock_test_function_that_nobody_has();

RAW_MANIFEST("driver.undefined_symbol");

extern "C" [[gnu::visibility("default")]] void* penstock_plugin_factory(const penstock::abi::Birth&, penstock::abi::Fault&) {
    return penstock_test_function_that_nobody_has();
}
