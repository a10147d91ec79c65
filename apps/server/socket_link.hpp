#pragma once

#include <filesystem>
#include <string>

namespace penstock {

// The link by which the command line finds the user's most recently started server: $XDG_RUNTIME_DIR/penstock.sock, or
// ~/.local/state/penstock/penstock.sock where that is unset. Made when a server is ready, taken away by the server that it
// still points to. It is a convenience: failing to make it is no failure.
class SocketLink {
public:
    explicit SocketLink(const std::string& socket_url);
    ~SocketLink();
    SocketLink(const SocketLink&) = delete;
    SocketLink& operator=(const SocketLink&) = delete;

private:
    std::filesystem::path link_;
    std::filesystem::path target_;
};

}  // namespace penstock
