#include "core/client/own_transport.hpp"

#include <future>

namespace penstock::client {

Result<std::unique_ptr<OwnTransport>> OwnTransport::load(const guests::PluginRegistry& plugins, std::string_view url) {
    const auto colon = url.find(':');
    if (colon == std::string_view::npos || colon == 0)
        return fail(ErrorCode::invalid_argument,
                    "\"" + std::string(url) + "\" is no server's address; wanted unix:PATH or tls://HOST:PORT");
    auto library = plugins.load(PluginKind::transport, url.substr(0, colon));
    if (!library) return std::unexpected(std::move(library).error());
    auto own = std::make_unique<OwnTransport>(*std::move(library));
    if (auto created = own->create(); !created) return std::unexpected(std::move(created).error());
    return own;
}

OwnTransport::OwnTransport(std::shared_ptr<guests::PluginLibrary> library)
    : library_(std::move(library)),
      thread_("session", clock_),
      io_(std::make_unique<base::AsioIo>(thread_, library_->info().id)) {}

OwnTransport::~OwnTransport() { stop(); }

// An instance is born on its strand.
Result<void> OwnTransport::create() {
    std::promise<Result<void>> created;
    thread_.post([&] {
        auto transport = guests::create_transport(*library_, settings_, *io_, "session");
        if (transport) transport_ = *std::move(transport);
        created.set_value(transport ? Result<void>() : std::unexpected(std::move(transport).error()));
    });
    return created.get_future().get();
}

}  // namespace penstock::client
