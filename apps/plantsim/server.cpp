#include "apps/plantsim/server.hpp"

#include <arpa/inet.h>
#include <fcntl.h>
#include <modbus/modbus.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <system_error>

#include "apps/plantsim/request.hpp"

namespace penstock::plantsim {
namespace {

constexpr int kMostPipelined = 16;    // requests of one client per turn, so that nobody starves the others
constexpr int kPatienceTicks = 250;   // for the rest of a request
constexpr std::uint32_t kBriefly_us = 2000;

std::string reason() { return std::generic_category().message(errno); }

std::uint16_t local_port(int socket) {
    sockaddr_in address{};
    socklen_t size = sizeof address;
    if (::getsockname(socket, reinterpret_cast<sockaddr*>(&address), &size) != 0) return 0;
    return ntohs(address.sin_port);
}

modbus_mapping_t mapping_of(Registers& registers) {
    modbus_mapping_t mapping{};
    mapping.nb_bits = static_cast<int>(registers.coils().size());
    mapping.tab_bits = registers.coils().data();
    mapping.nb_input_bits = static_cast<int>(registers.discretes().size());
    mapping.tab_input_bits = registers.discretes().data();
    mapping.nb_registers = static_cast<int>(registers.holdings().size());
    mapping.tab_registers = registers.holdings().data();
    mapping.nb_input_registers = static_cast<int>(registers.inputs().size());
    mapping.tab_input_registers = registers.inputs().data();
    return mapping;
}

std::uint16_t holding_at(Registers& registers, int address) {
    const auto& block = registers.holdings();
    return static_cast<std::size_t>(address) < block.size() ? block[static_cast<std::size_t>(address)] : std::uint16_t{0};
}

// What waits in the socket, left there.
std::span<const std::uint8_t> peek(int socket, std::span<std::uint8_t> buffer, ssize_t& count) {
    count = ::recv(socket, buffer.data(), buffer.size(), MSG_PEEK | MSG_DONTWAIT);
    return buffer.first(count > 0 ? static_cast<std::size_t>(count) : 0);
}

}  // namespace

void Server::FreeContext::operator()(_modbus* context) const { modbus_free(context); }

Server::Server(std::string address, _modbus* context) : address_(std::move(address)), context_(context) {}

std::expected<Server, std::string> Server::open(const std::string& bind, std::uint16_t port) {
    in_addr parsed{};
    if (::inet_pton(AF_INET, bind.c_str(), &parsed) != 1) {
        return std::unexpected("--bind " + bind + " is no IPv4 address such as 127.0.0.1");
    }
    modbus_t* context = modbus_new_tcp(bind.c_str(), port);
    if (context == nullptr) return std::unexpected("libmodbus: " + std::string(modbus_strerror(errno)));
    Server server(bind, context);
    server.port_ = port;
    // libmodbus waits in some places: for the rest of a malformed request, and before it throws away what follows one.
    // Complete requests are waited for elsewhere, so these waits may be short.
    modbus_set_response_timeout(context, 0, kBriefly_us);
    modbus_set_byte_timeout(context, 0, kBriefly_us);
    modbus_set_indication_timeout(context, 0, kBriefly_us);
    const auto listening = server.listen();
    if (!listening) return std::unexpected(listening.error());
    return server;
}

std::expected<void, std::string> Server::listen() {
    FileHandle socket(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
    if (!socket) return std::unexpected("no socket: " + reason());
    const int on = 1;
    ::setsockopt(socket.get(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port_);
    ::inet_pton(AF_INET, address_.c_str(), &address.sin_addr);
    const bool is_bound = ::bind(socket.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0
                          && ::listen(socket.get(), 16) == 0;
    if (!is_bound) {
        return std::unexpected("cannot listen on " + address_ + ":" + std::to_string(port_) + ": " + reason()
                               + "; choose another --port (0 takes a free one)");
    }
    port_ = local_port(socket.get());
    listener_ = std::move(socket);
    return {};
}

void Server::add_descriptors(std::vector<pollfd>& descriptors) const {
    if (silent_ || is_cut()) return;
    descriptors.push_back({listener_.get(), POLLIN, 0});
    for (const Connection& connection : connections_) {
        if (!connection.waits) descriptors.push_back({connection.socket.get(), POLLIN, 0});
    }
}

void Server::serve(std::span<const pollfd> ready, Registers& registers, Simulation& simulation) {
    const auto is_ready = [&](int fd) {
        return std::ranges::any_of(ready, [fd](const pollfd& p) { return p.fd == fd && p.revents != 0; });
    };
    std::erase_if(connections_, [&](Connection& connection) {
        return is_ready(connection.socket.get()) && !serve_one(connection, registers, simulation);
    });
    if (listener_ && is_ready(listener_.get())) accept_all();
}

void Server::next_tick() {
    for (Connection& connection : connections_) connection.waits = false;
}

void Server::accept_all() {
    while (true) {
        FileHandle socket(::accept4(listener_.get(), nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK));
        if (!socket) return;
        if (connections_.size() >= kMostConnections) continue;
        const int on = 1;
        ::setsockopt(socket.get(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
        connections_.push_back({std::move(socket)});
    }
}

bool Server::serve_one(Connection& connection, Registers& registers, Simulation& simulation) {
    std::array<std::uint8_t, kLongestFrame> buffer;
    for (int i = 0; i < kMostPipelined; ++i) {
        ssize_t count = 0;
        const auto waiting = peek(connection.socket.get(), buffer, count);
        if (count < 0) return errno == EAGAIN || errno == EINTR;
        if (count == 0) return false;
        const auto length = frame_length(waiting);
        if (length == 0) return false;
        if (!length || waiting.size() < *length) {
            connection.waits = true;
            return ++connection.ticks_waiting < kPatienceTicks;
        }
        connection.ticks_waiting = 0;
        if (!answer(connection.socket.get(), *length, registers, simulation)) return false;
    }
    return true;
}

bool Server::answer(int socket, std::size_t frame_length, Registers& registers, Simulation& simulation) {
    std::array<std::uint8_t, kLongestFrame> frame{};
    modbus_t* context = context_.get();
    modbus_set_socket(context, socket);
    const int received = modbus_receive(context, frame.data());
    if (received <= 0) return false;
    const auto whole = std::span<const std::uint8_t>(frame).first(std::min(static_cast<std::size_t>(received), frame_length));
    const auto write = write_request(whole, [&](int address) { return holding_at(registers, address); });
    if (write) {
        const WriteVerdict verdict = registers.judge(*write);
        if (verdict == WriteVerdict::no_such_address) {
            return modbus_reply_exception(context, frame.data(), MODBUS_EXCEPTION_ILLEGAL_DATA_ADDRESS) >= 0;
        }
        if (verdict == WriteVerdict::illegal_value) {
            return modbus_reply_exception(context, frame.data(), MODBUS_EXCEPTION_ILLEGAL_DATA_VALUE) >= 0;
        }
        registers.apply(*write, simulation);
    }
    modbus_mapping_t mapping = mapping_of(registers);
    return modbus_reply(context, frame.data(), received, &mapping) >= 0;
}

void Server::cut_link() {
    connections_.clear();
    listener_.reset();
}

std::expected<void, std::string> Server::restore_link() {
    if (!is_cut()) return {};
    return listen();
}

}  // namespace penstock::plantsim
