// A library with a factory and nothing that says what it is.

#include <penstock/abi/plugin.hpp>

extern "C" [[gnu::visibility("default")]] void* penstock_plugin_factory(const penstock::abi::Birth&, penstock::abi::Fault&) {
    return nullptr;
}
