#pragma once

// Serves the connections of transports: one SessionServer per transport instance, on that instance's strand. So what belongs
// to one strand (its sessions, its fan-out of values) needs no lock.
//
// A connection says hello first, within 5 s and in frames of at most 64 KiB; until then it can do nothing else. All limits
// are finite (SessionLimits); a peer that breaks the protocol gets one error frame that says so, and is closed. A frozen
// peer is noticed by its silence: the server pings after 2 s, and closes after 5 s.
//
// Unix peers are known by the uid that the kernel vouches for. The owner of the data folder, and root, are administrator; anybody
// else is told so and closed.

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include <penstock/abi/transport.hpp>

#include "core/base/strand.hpp"
#include "core/sessions/operation.hpp"

namespace penstock::sessions {

struct SessionLimits {
    std::size_t connections = 2'048;  // of one transport
    std::size_t connections_per_user = 256;  // of one uid or address
    std::size_t connections_without_hello = 64;  // more are closed at once
    std::size_t first_frame_bytes = 64 * 1024;
    std::size_t request_bytes = 4 * 1024 * 1024;  // a request in several frames
    std::size_t requests_under_way = 1'000;  // of one session
    std::size_t streams = 64;  // of one session
    std::size_t queued_bytes = 512 * 1024;  // beyond it, values wait as changes; replies still queue, up to 16 MiB
    std::size_t queued_reply_bytes = 16 * 1024 * 1024;  // beyond it the peer does not read, and is closed
    Duration hello_within = std::chrono::seconds(5);
    Duration ping_after = std::chrono::seconds(2);
    Duration silent_at_most = std::chrono::seconds(5);
};

struct SessionServerOptions {
    Plant plant;
    std::uint32_t owner_user_id = 0;  // of the data folder
    SessionLimits limits;
};

class SessionServer {
public:
    // `transport` is an instance whose strand is `strand`; both outlive the server. [strand]
    SessionServer(base::Strand& strand, abi::TransportGuest& transport, SessionServerOptions options);
    // After stop() has reported, or when the strand has been stopped. [strand, or none]
    ~SessionServer();

    // Listens at `url`; `done` gets the URL with the real port, or why not. Once. [strand]
    using OnListening = std::move_only_function<void(Result<std::string>)>;
    void listen(std::string url, OnListening done);

    // Takes no more connections, tells every peer, closes; `stopped` is called on the strand within 1 s. Twice is fine. [strand]
    void stop(std::move_only_function<void()> stopped);

    // Open sessions that have said hello. [any-thread]
    [[nodiscard]] std::uint64_t session_count() const noexcept;

private:
    class Core;
    std::shared_ptr<Core> core_;
};

}  // namespace penstock::sessions
