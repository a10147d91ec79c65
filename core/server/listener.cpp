#include "core/server/listener.hpp"

#include <future>

#include "core/base/asio_io.hpp"
#include "core/base/io_threads.hpp"
#include "core/guests/plugin_registry.hpp"
#include "core/server/on_strand.hpp"
#include "core/sessions/session_server.hpp"

namespace penstock::server {

// Made and destroyed on the thread, in this order.
struct Listener::Parts {
    explicit Parts(base::IoThread& on, std::string listen_at) : thread(on), url(std::move(listen_at)) {}
    base::IoThread& thread;
    std::string url;
    base::SettingsDocument settings;
    std::unique_ptr<base::AsioIo> io;
    guests::TransportOwner transport;
    std::unique_ptr<sessions::SessionServer> server;
};

Listener::Listener(std::unique_ptr<Parts> parts) noexcept : parts_(std::move(parts)) {}

Result<std::unique_ptr<Listener>> Listener::make(std::string url, base::IoThread& thread, const guests::PluginRegistry& plugins,
                                                 sessions::Plant plant, std::uint32_t owner_user_id) {
    const auto colon = url.find(':');
    if (colon == std::string::npos || colon == 0)
        return fail(ErrorCode::invalid_argument,
                    "\"" + url + "\" is no URL to listen at; wanted for example unix:/run/plant.sock");
    const auto library = plugins.load(PluginKind::transport, url.substr(0, colon));
    if (!library) return std::unexpected(library.error());

    auto parts = std::make_unique<Parts>(thread, std::move(url));
    const auto born = on_strand(thread, [&]() -> Result<void> {
        parts->io = std::make_unique<base::AsioIo>(thread, parts->url);
        auto transport = guests::create_transport(**library, parts->settings, *parts->io, parts->url);
        if (!transport) return std::unexpected(transport.error());
        parts->transport = *std::move(transport);
        parts->server = std::make_unique<sessions::SessionServer>(
            thread, *parts->transport,
            sessions::SessionServerOptions{.plant = plant, .owner_user_id = owner_user_id, .limits = {}});
        return {};
    });
    if (!born) return std::unexpected(born.error());
    return std::unique_ptr<Listener>(new Listener(std::move(parts)));
}

Listener::~Listener() {
    stop();
    on_strand(parts_->thread, [this] {
        parts_->server.reset();
        parts_->transport.reset();
        parts_->io.reset();
    });
}

Result<std::string> Listener::listen() {
    std::promise<Result<std::string>> listening;
    auto result = listening.get_future();
    on_strand(parts_->thread, [&] {
        parts_->server->listen(parts_->url, [&listening](Result<std::string> url) { listening.set_value(std::move(url)); });
    });
    return result.get();
}

void Listener::stop() {
    std::promise<void> stopped;
    on_strand(parts_->thread, [&] { parts_->server->stop([&stopped] { stopped.set_value(); }); });
    stopped.get_future().wait();
}

}  // namespace penstock::server
