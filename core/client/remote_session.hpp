#pragma once

// The session over a connection: what the command line, stations and gateways hold when the server is another program.
//
// It connects by itself and again after a cut, after 0.2 to 2 s with jitter, says hello, and renews every subscription: its
// on_start is called again and all newest values follow. Requests under way at a cut are answered `disconnected`, writes
// `unknown_outcome`: they are never sent twice. A server that says nothing for 5 s counts as gone. Nothing is queued while there
// is no connection: call() then answers `disconnected`.

#include <memory>
#include <string>

#include <penstock/session.hpp>

#include "core/base/strand.hpp"
#include "core/guests/plugin_registry.hpp"

namespace penstock::client {

struct RemoteOptions {
    std::string url;  // "unix:/path/penstock.sock"
    std::string client;  // "penstock 0.1.0", for the server's list of stations
    std::string station;  // its name; "" for tools
    Duration connect_within = std::chrono::seconds(5);
    Duration backoff_least = std::chrono::milliseconds(200);
    Duration backoff_most = std::chrono::seconds(2);
    Duration ping_after = std::chrono::seconds(1);
    Duration silent_at_most = std::chrono::seconds(4);
};

// Chooses the transport plugin by the word before the colon ("unix:" -> transport.unix) and gives it a thread of its own.
// Error: no such plugin, or a URL without a scheme. That there is no server is no error: link() says so.
// The registry must outlive the session. [any-thread; the session belongs to the thread that polls it]
[[nodiscard]] Result<std::unique_ptr<Session>> connect_session(const guests::PluginRegistry& plugins, RemoteOptions options);

// The same over a transport and strand that the caller owns; both outlive the session, and the strand must run (or have been
// stopped) while the session is destroyed. For tests and programs with threads of their own.
[[nodiscard]] std::unique_ptr<Session> make_remote_session(base::Strand& strand, abi::TransportGuest& transport,
                                                           RemoteOptions options);

}  // namespace penstock::client
