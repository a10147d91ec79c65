#include "core/base/endpoint.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>

namespace penstock::base {
namespace {

constexpr std::size_t kMaxUnixPath = 107;  // sun_path without its terminator

std::unexpected<Error> wrong(std::string_view text, std::string_view sentence) {
    return fail(ErrorCode::invalid_argument, "the endpoint \"" + std::string(text) + "\" " + std::string(sentence));
}

template <class T>
std::optional<T> number(std::string_view digits) {
    T value{};
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
    if (error != std::errc() || end != digits.data() + digits.size()) return std::nullopt;
    return value;
}

bool starts_with_scheme(std::string_view& text, std::string_view scheme) {
    if (!text.starts_with(scheme)) return false;
    text.remove_prefix(scheme.size());
    return true;
}

Result<Endpoint> parse_network(EndpointKind kind, std::string_view text, std::string_view rest) {
    Endpoint endpoint;
    endpoint.kind = kind;
    const auto colon = rest.rfind(':');
    if (colon == std::string_view::npos) return wrong(text, "has no port; wanted is HOST:PORT");
    auto host = rest.substr(0, colon);
    const auto port = number<std::uint16_t>(rest.substr(colon + 1));
    if (!port) return wrong(text, "has a port that is no number from 0 to 65535");
    if (host.starts_with('[') && host.ends_with(']')) {
        host = host.substr(1, host.size() - 2);
    } else if (host.find(':') != std::string_view::npos) {
        return wrong(text, "has several colons; an IPv6 address stands in brackets, as in [::1]:502");
    }
    if (host.empty()) return wrong(text, "has no host; wanted is HOST:PORT");
    if (host.size() > 253 || host.find_first_of(" /?#@[]") != std::string_view::npos) {
        return wrong(text, "has a host that is neither a name nor an address");
    }
    endpoint.host = host;
    endpoint.port = *port;
    return endpoint;
}

Result<Endpoint> parse_unix(std::string_view text, std::string_view path) {
    if (path.starts_with("//")) path.remove_prefix(2);
    if (path.empty()) return wrong(text, "has no path; wanted is unix:PATH");
    if (path.find('\0') != std::string_view::npos) return wrong(text, "has a path with a zero byte");
    if (path.size() > kMaxUnixPath) {
        return wrong(text, "has a path of " + std::to_string(path.size()) + " bytes; the system allows 107");
    }
    Endpoint endpoint;
    endpoint.kind = EndpointKind::unix_socket;
    endpoint.path = path;
    return endpoint;
}

// One KEY=VALUE of a serial line. Empty: understood.
std::string set_serial_option(Endpoint& endpoint, std::string_view key, std::string_view value) {
    constexpr std::array<std::uint32_t, 11> kBauds{1'200,  2'400,   4'800,   9'600,   19'200, 38'400,
                                                   57'600, 115'200, 230'400, 460'800, 921'600};
    const auto count = number<std::uint32_t>(value);
    const std::string found = std::string(key) + "=" + std::string(value);
    if (key == "baud") {
        if (!count || std::ranges::find(kBauds, *count) == kBauds.end()) {
            return "has " + found + "; wanted is 1200, 2400, 4800, 9600, 19200 ... 115200, 230400, 460800 or 921600";
        }
        endpoint.baud = *count;
    } else if (key == "parity") {
        if (value == "none")
            endpoint.parity = Parity::none;
        else if (value == "even")
            endpoint.parity = Parity::even;
        else if (value == "odd")
            endpoint.parity = Parity::odd;
        else
            return "has " + found + "; wanted is none, even or odd";
    } else if (key == "stop") {
        if (count != 1U && count != 2U) return "has " + found + "; wanted is 1 or 2";
        endpoint.stop_bits = static_cast<std::uint8_t>(*count);
    } else if (key == "data") {
        if (count != 7U && count != 8U) return "has " + found + "; wanted is 7 or 8";
        endpoint.data_bits = static_cast<std::uint8_t>(*count);
    } else {
        return "has the option \"" + std::string(key) + "\"; known are baud, parity, stop and data";
    }
    return {};
}

Result<Endpoint> parse_serial(std::string_view text, std::string_view rest) {
    Endpoint endpoint;
    endpoint.kind = EndpointKind::serial;
    const auto question = rest.find('?');
    endpoint.path = rest.substr(0, question);
    if (!endpoint.path.starts_with('/')) return wrong(text, "has no device file; wanted is serial:/dev/NAME");
    auto options = question == std::string_view::npos ? std::string_view() : rest.substr(question + 1);
    while (!options.empty()) {
        const auto option = options.substr(0, options.find('&'));
        options.remove_prefix(std::min(options.size(), option.size() + 1));
        const auto equals = option.find('=');
        const auto value = equals == std::string_view::npos ? std::string_view() : option.substr(equals + 1);
        const auto fault = set_serial_option(endpoint, option.substr(0, equals), value);
        if (!fault.empty()) return wrong(text, fault);
    }
    return endpoint;
}

}  // namespace

Result<Endpoint> parse_endpoint(std::string_view text) {
    auto rest = text;
    if (starts_with_scheme(rest, "tcp://")) return parse_network(EndpointKind::tcp, text, rest);
    if (starts_with_scheme(rest, "udp://")) return parse_network(EndpointKind::udp, text, rest);
    if (starts_with_scheme(rest, "unix:")) return parse_unix(text, rest);
    if (starts_with_scheme(rest, "serial:")) return parse_serial(text, rest);
    if (const auto scheme = text.find("://"); scheme != std::string_view::npos) {
        return fail(ErrorCode::unsupported, "the endpoint \"" + std::string(text) + "\" has the scheme \""
                                                + std::string(text.substr(0, scheme))
                                                + "\"; known are tcp, udp, unix and serial");
    }
    return parse_network(EndpointKind::tcp, text, text);
}

std::string host_and_port(std::string_view host, std::uint16_t port) {
    const bool is_ipv6 = host.find(':') != std::string_view::npos;
    std::string text = is_ipv6 ? "[" + std::string(host) + "]" : std::string(host);
    return text + ":" + std::to_string(port);
}

}  // namespace penstock::base
