#pragma once

// A Modbus TCP server in a process of its own, so that its work is not taken for a client's. It answers reads of holding
// registers (function 3) at once; all values change from reply to reply. Any number of connections.
//
//     const bench::ModbusServer server;   // first thing in main: it forks, so no thread may run yet
//     ... let clients poll 127.0.0.1:server.port() ...
//     const auto so_far = server.requests();

#include <sys/types.h>

#include <cstdint>

namespace penstock::bench {

class ModbusServer {
public:
    // Ends the program if there are no sockets to be had.
    ModbusServer();
    ~ModbusServer();  // ends the child by its process id
    ModbusServer(const ModbusServer&) = delete;
    ModbusServer& operator=(const ModbusServer&) = delete;

    [[nodiscard]] std::uint16_t port() const noexcept { return port_; }
    // A second one, which can be made to take connections and requests and answer nothing.
    [[nodiscard]] std::uint16_t mutable_port() const noexcept { return mutable_port_; }
    void set_mute(bool is_mute) const noexcept;

    // Requests taken since the start, on both ports; counted before their replies are sent.
    [[nodiscard]] std::uint64_t requests() const noexcept;

private:
    struct Shared;
    Shared* shared_;
    std::uint16_t port_ = 0;
    std::uint16_t mutable_port_ = 0;
    pid_t child_ = -1;
};

}  // namespace penstock::bench
