#pragma once

// The table that crosses (abi/transport.hpp), generated around a transport's class. Included by transport.hpp.

#include <memory>
#include <string>
#include <type_traits>

#include <penstock/abi/plugin.hpp>
#include <penstock/detail/manifest_bake.hpp>
#include <penstock/transport.hpp>

namespace penstock::detail {

// The guest around a transport; `make` in PluginTraits is all that a plugin's own code needs of it.
[[nodiscard]] abi::TransportGuest* adapt_transport(std::unique_ptr<Transport> transport);

template <class T>
    requires std::is_base_of_v<Transport, T>
struct PluginTraits<T> {
    static constexpr PluginKind kKind = PluginKind::transport;
    static constexpr std::uint32_t kInterface = abi::kTransportInterface;
    static constexpr std::string_view kImguiVersion = "";

    static void* make(const abi::Birth& birth) {
        return adapt_transport(std::make_unique<T>(Settings(birth.settings), Io(*birth.io)));
    }
};

}  // namespace penstock::detail
