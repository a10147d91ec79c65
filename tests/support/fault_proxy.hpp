#pragma once

// A TCP proxy that does to a link what cables, switches and devices do: delay, silence, garbage, cuts. On a thread of its
// own; for tests of whole programs as well as of drivers.
//
//     testing::FaultProxy proxy(plc_port);
//     ... connect the driver to proxy.port() ...
//     proxy.set_mode(testing::FaultProxy::Mode::swallow);   // half-open: nothing comes through any more, nobody is told
//     proxy.cut_after(testing::FaultProxy::Way::to_client, 5);   // the next answer breaks after 5 bytes
//
// All functions: [any-thread]; what they change holds for bytes that have not passed yet.

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>

namespace penstock::testing {

class FaultProxy {
public:
    enum class Mode {
        pass,     // bytes go through
        swallow,  // connections stay open, bytes vanish: a half-open link, a black hole after the connection
        refuse,   // nobody listens: connections are refused, those that exist are reset
        garbage,  // random bytes in place of what the server says
    };
    enum class Way { to_server, to_client };

    // Listens on a free port of 127.0.0.1 and passes on to `server_port` there. Throws std::system_error.
    explicit FaultProxy(std::uint16_t server_port);
    ~FaultProxy();  // cuts everything
    FaultProxy(const FaultProxy&) = delete;
    FaultProxy& operator=(const FaultProxy&) = delete;

    [[nodiscard]] std::uint16_t port() const noexcept;
    void set_mode(Mode mode);
    // Every piece waits that long before it goes on; order is kept.
    void set_delay(std::chrono::milliseconds delay);
    // At most so many bytes in one piece (1: byte by byte), each with the delay; 0: as they come.
    void set_piece_size(std::size_t bytes);
    // Each connection, existing or new, is reset after this many more bytes that way. Holds once.
    void cut_after(Way way, std::size_t bytes);
    // Resets all connections now; new ones are taken.
    void cut();

    [[nodiscard]] std::size_t connections_taken() const noexcept;
    [[nodiscard]] std::size_t bytes_passed(Way way) const noexcept;

private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace penstock::testing
