#pragma once

// A running server: wires site, plugins, engine, devices and sessions together, and has no rules of its own.
//
//     auto server = server::Server::start(options, plugins);
//     if (!server) report(server.error());   // every failure is a sentence
//     wait_for_a_signal();
//     server->reset();                       // stops it
//
// Threads, whatever the number of devices and stations: the engine's, the I/O threads, and one for each blocking driver.

#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include <penstock/result.hpp>

#include "core/sessions/operation.hpp"
#include "core/site/site.hpp"

namespace penstock::guests {
class PluginRegistry;
}

namespace penstock::server {

struct ServerOptions {
    std::filesystem::path data;
    std::filesystem::path site;
    site::Params params;
    // unix:PATH ...; DATA/penstock.sock is always served.
    std::vector<std::string> listen;
    // Keeps what a site archives that names no historian of its own; "" = such a site does not start.
    std::string historian;
    std::vector<std::string> warnings;  // sentences for `status`: running as root ...
    std::string version;
    std::size_t io_threads = 2;
    // The journal takes nothing more, and the sentence says why: end the server, somebody starts it anew. Called once, on a thread that
    // it must not block; null = it goes on, without a memory.
    std::function<void(const std::string&)> on_failure;
};

// Why a server did not start: one failure, or the faults of its site.
struct StartFailure {
    std::vector<site::Fault> faults;
    std::string sentence;
};

class Server {
public:
    // Loads the site, starts engine and devices, and listens. Returns when sessions are served; devices may still be
    // connecting. The registry must outlive the server. [worker]
    [[nodiscard]] static std::expected<std::unique_ptr<Server>, StartFailure> start(ServerOptions options,
                                                                                    const guests::PluginRegistry& plugins);
    // Stops: no more sessions, writes under way end, devices let go, bounded by a few seconds.
    ~Server();

    // URLs with real ports, in the order asked, the local socket first.
    [[nodiscard]] const std::vector<std::string>& listeners() const noexcept;
    // For a session in this process. Valid as long as the server.
    [[nodiscard]] sessions::Plant plant() const noexcept;

private:
    struct Parts;
    explicit Server(std::unique_ptr<Parts> parts) noexcept;
    std::unique_ptr<Parts> parts_;
};

}  // namespace penstock::server
