#pragma once

// The transport's side of the library boundary. Plugin authors use transport.hpp.

#include <penstock/abi/io.hpp>
#include <penstock/abi/settings.hpp>

namespace penstock::abi {

inline constexpr std::uint32_t kTransportInterface = 1;

// A connection moves whole frames and knows no operation. One send and one receive at a time, both may overlap.
// start_* answer as plain.hpp says: true = finished already, results are filled, the completion is not called.
struct ConnectionGuest {
    // Sends one frame made of the parts. The host keeps the parts alive until the call has ended.
    [[nodiscard]] virtual bool start_send(const Bytes* parts, std::uint32_t part_count, std::int64_t deadline_ns, Fault&,
                                          Completion&) noexcept = 0;
    // The next frame: `frame` is filled when the call ends and valid until the next start_receive. `disconnected` at the end;
    // `protocol` for a peer that breaks framing. A deadline that passes loses nothing.
    [[nodiscard]] virtual bool start_receive(std::int64_t deadline_ns, Bytes& frame, Fault&, Completion&) noexcept = 0;
    virtual void peer(PeerInfo&) noexcept = 0;
    virtual void release() noexcept = 0;  // closes; started waits are not completed any more

protected:
    ~ConnectionGuest() = default;
};

struct ListenerGuest {
    // The next connection: on success *connection is set when the call ends.
    [[nodiscard]] virtual bool start_accept(ConnectionGuest** connection, Fault&, Completion&) noexcept = 0;
    virtual Text address() noexcept = 0;  // "unix:/run/plant/penstock.sock", "tls://127.0.0.1:34567": with the real port
    virtual void release() noexcept = 0;  // stops listening; a started accept is not completed any more

protected:
    ~ListenerGuest() = default;
};

// One start_listen and one start_connect at a time.
struct TransportGuest {
    virtual Text scheme() noexcept = 0;  // "unix", "tls"
    // `url` is copied before the call returns.
    [[nodiscard]] virtual bool start_listen(Text url, ListenerGuest** listener, Fault&, Completion&) noexcept = 0;
    [[nodiscard]] virtual bool start_connect(Text url, std::int64_t deadline_ns, ConnectionGuest** connection, Fault&,
                                             Completion&) noexcept = 0;
    virtual void release() noexcept = 0;  // after its listeners and connections; started calls are not completed any more

protected:
    ~TransportGuest() = default;
};

}  // namespace penstock::abi
