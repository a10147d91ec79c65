// The Modbus TCP server: libmodbus answers the requests, this class keeps the connections. One thread, no waiting: the
// caller polls the descriptors it is given and calls `serve`.
#pragma once

#include <poll.h>

#include <cstdint>
#include <expected>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "apps/plantsim/file_handle.hpp"
#include "apps/plantsim/registers.hpp"
#include "apps/plantsim/simulation.hpp"

// libmodbus' context; its header stays in server.cpp.
struct _modbus;  // NOLINT(bugprone-reserved-identifier): libmodbus' name

namespace penstock::plantsim {

class Server {
public:
    // At most so many clients; a further one is closed at once.
    static constexpr std::size_t kMostConnections = 64;

    // Listens on `bind`:`port` (an IPv4 address; port 0 takes a free one). The error is a sentence.
    static std::expected<Server, std::string> open(const std::string& bind, std::uint16_t port);

    const std::string& address() const { return address_; }
    std::uint16_t port() const { return port_; }
    std::size_t connections() const { return connections_.size(); }

    // Adds what is to be polled now: nothing while the server is silent.
    void add_descriptors(std::vector<pollfd>& descriptors) const;

    // Accepts and answers what `ready` says is waiting. Accepted writes go to `simulation` before they are answered.
    void serve(std::span<const pollfd> ready, Registers& registers, Simulation& simulation);

    // A request that has not arrived completely is looked at again after the next call.
    void next_tick();

    // Silent: connections stay, nothing is read, accepted or answered.
    void set_silent(bool silent) { silent_ = silent; }
    bool is_silent() const { return silent_; }

    // Cuts every connection and refuses new ones, until `restore_link`.
    void cut_link();
    // Listens again on the same port; the error is a sentence, and it may be tried again.
    std::expected<void, std::string> restore_link();
    bool is_cut() const { return !listener_; }

private:
    struct Connection {
        FileHandle socket;
        bool waits = false;       // for the rest of a request
        int ticks_waiting = 0;
    };

    Server(std::string address, _modbus* context);
    std::expected<void, std::string> listen();
    void accept_all();
    // False: the connection is at its end.
    bool serve_one(Connection& connection, Registers& registers, Simulation& simulation);
    bool answer(int socket, std::size_t frame_length, Registers& registers, Simulation& simulation);

    struct FreeContext {
        void operator()(_modbus* context) const;
    };

    std::string address_;
    std::uint16_t port_ = 0;
    std::unique_ptr<_modbus, FreeContext> context_;
    FileHandle listener_;
    std::vector<Connection> connections_;
    bool silent_ = false;
};

}  // namespace penstock::plantsim
