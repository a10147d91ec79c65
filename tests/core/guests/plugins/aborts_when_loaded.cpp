// Ends the process as soon as the dynamic linker runs its static constructors: nobody may load it who has not judged it.

#include <cstdlib>

#include <penstock/abi/plugin.hpp>

#include "raw_manifest.hpp"

namespace {

[[gnu::constructor]] void abort_at_once() { std::abort(); }

}  // namespace

RAW_MANIFEST("driver.aborts_when_loaded");

extern "C" [[gnu::visibility("default")]] void* penstock_plugin_factory(const penstock::abi::Birth&, penstock::abi::Fault&) {
    return nullptr;
}
