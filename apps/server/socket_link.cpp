#include "apps/server/socket_link.hpp"

#include <unistd.h>

#include <cstdlib>
#include <system_error>

namespace penstock {
namespace {

std::filesystem::path link_path() {
    if (const char* runtime = std::getenv("XDG_RUNTIME_DIR"); runtime != nullptr && *runtime != '\0')
        return std::filesystem::path(runtime) / "penstock.sock";
    if (const char* home = std::getenv("HOME"); home != nullptr && *home != '\0')
        return std::filesystem::path(home) / ".local/state/penstock/penstock.sock";
    return {};
}

}  // namespace

SocketLink::SocketLink(const std::string& socket_url)
    : link_(link_path()), target_(socket_url.substr(socket_url.find(':') + 1)) {
    if (link_.empty()) return;
    std::error_code error;
    std::filesystem::create_directories(link_.parent_path(), error);
    // Made beside and renamed over, so that the link always points at some server.
    auto fresh = link_;
    fresh += "." + std::to_string(::getpid());
    std::filesystem::remove(fresh, error);
    std::filesystem::create_symlink(target_, fresh, error);
    if (!error) std::filesystem::rename(fresh, link_, error);
}

SocketLink::~SocketLink() {
    std::error_code error;
    if (!link_.empty() && std::filesystem::read_symlink(link_, error) == target_) std::filesystem::remove(link_, error);
}

}  // namespace penstock
