#pragma once

// Endpoints as sites write them: where a stream goes to, or a listener listens.

#include <cstdint>
#include <string>
#include <string_view>

#include <penstock/result.hpp>

namespace penstock::base {

enum class EndpointKind : std::uint8_t { tcp, udp, unix_socket, serial };
enum class Parity : std::uint8_t { none, even, odd };

struct Endpoint {
    EndpointKind kind = EndpointKind::tcp;
    std::string host;  // tcp, udp: name or address, IPv6 without its brackets
    std::uint16_t port = 0;
    std::string path;  // unix: at most 107 bytes; serial: the device file
    std::uint32_t baud = 19'200;
    Parity parity = Parity::none;
    std::uint8_t stop_bits = 1;
    std::uint8_t data_bits = 8;
};

// tcp://HOST:PORT or HOST:PORT, udp://HOST:PORT, unix:PATH or unix://PATH, serial:/dev/NAME?baud=19200&parity=even&stop=2&data=7.
// An IPv6 address stands in brackets: tcp://[::1]:502. Error invalid_argument (unsupported for another scheme): what was
// found and what was wanted. Does no I/O.
[[nodiscard]] Result<Endpoint> parse_endpoint(std::string_view text);

// "127.0.0.1:502", "[::1]:502"
[[nodiscard]] std::string host_and_port(std::string_view host, std::uint16_t port);

}  // namespace penstock::base
