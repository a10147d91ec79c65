#pragma once

// Transports move frames between Penstock programs and know who the peer is. They know no operation: what a frame means is
// the codec's business, so every transport carries every operation, and a new one needs nothing else changed.
//
// Life: constructor(Settings, Io) -> listen() or connect() -> connections -> destructor. Trusted plugins: they run in the
// host's process. All [strand].

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include <penstock/abi/transport.hpp>
#include <penstock/io.hpp>
#include <penstock/settings.hpp>
#include <penstock/task.hpp>

namespace penstock {

inline constexpr std::size_t kMaxFrameBytes = 1024 * 1024;

// Who is at the other end, as far as the transport can vouch for it.
struct PeerIdentity {
    std::string address;                  // "127.0.0.1:40312", "pid 4711"
    std::optional<std::uint32_t> user_id;  // Unix sockets: the effective uid, from the kernel
    std::optional<std::int32_t> process_id;  // Unix sockets: the pid, from the kernel
};

// One connection. Closing is destruction. One send and one receive at a time; both may overlap.
class Connection {
public:
    virtual ~Connection() = default;
    // Sends one frame, given in parts, at most kMaxFrameBytes in all. The parts stay valid until the task ends.
    // Throws LinkError; after a timeout the connection is of no more use.
    virtual Task<void> send(std::span<const std::span<const std::byte>> parts, Deadline deadline) = 0;
    // The next whole frame; valid until the next receive. Throws LinkError disconnected at the end, protocol for a frame
    // beyond kMaxFrameBytes (nothing is allocated for what has not arrived).
    virtual Task<std::span<const std::byte>> receive(Deadline deadline) = 0;
    [[nodiscard]] virtual PeerIdentity peer() const = 0;
};

class FrameListener {
public:
    virtual ~FrameListener() = default;
    virtual Task<std::unique_ptr<Connection>> accept() = 0;
    [[nodiscard]] virtual std::string address() const = 0;  // URL with the real port
};

class Transport {
public:
    virtual ~Transport() = default;
    // `url` is SCHEME:... with this transport's scheme. Throws LinkError (address in use, denied ...).
    virtual Task<std::unique_ptr<FrameListener>> listen(std::string url) = 0;
    virtual Task<std::unique_ptr<Connection>> connect(std::string url, Deadline deadline) = 0;
    // The word before the colon in its URLs.
    [[nodiscard]] virtual std::string_view scheme() const noexcept = 0;
};

}  // namespace penstock

#include <penstock/detail/transport_adapter.hpp>
