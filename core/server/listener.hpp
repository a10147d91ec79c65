#pragma once

// One listening URL: a transport instance on a thread, and the sessions that come in through it.

#include <memory>
#include <string>

#include "core/sessions/operation.hpp"

namespace penstock::base {
class IoThread;
}
namespace penstock::guests {
class PluginRegistry;
}

namespace penstock::server {

class Listener final {
public:
    // Loads the transport that the URL's scheme names. Nothing listens yet. [before the engine runs]
    [[nodiscard]] static Result<std::unique_ptr<Listener>> make(std::string url, base::IoThread& thread,
                                                                const guests::PluginRegistry& plugins, sessions::Plant plant,
                                                                std::uint32_t owner_user_id);
    ~Listener();

    // Listens and returns the URL with the real port. Error: address in use, denied ...
    [[nodiscard]] Result<std::string> listen();
    // Takes no more, tells every peer, closes. Twice is fine.
    void stop();

private:
    struct Parts;
    explicit Listener(std::unique_ptr<Parts> parts) noexcept;
    std::unique_ptr<Parts> parts_;
};

}  // namespace penstock::server
