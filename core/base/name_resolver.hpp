#pragma once

// Turns host names into addresses without blocking a strand. The system's resolver can only be called and waited for, so
// each lookup has a thread; one that hangs (a dead name server) is left behind, never joined.

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include <sys/socket.h>

#include <penstock/result.hpp>

#include "core/base/strand.hpp"

namespace penstock::base {

struct SocketAddress {
    sockaddr_storage storage{};
    socklen_t size = 0;

    [[nodiscard]] const sockaddr* get() const noexcept;
};

// The address if `host` is one already ("10.0.0.5", "::1"); nothing is looked up. Empty otherwise.
[[nodiscard]] std::vector<SocketAddress> numeric_address(const std::string& host, std::uint16_t port);

class NameResolver {
public:
    static constexpr std::size_t kMaxThreads = 8;
    static constexpr std::size_t kMaxWaiting = 1000;

    using Done = std::move_only_function<void(Result<std::vector<SocketAddress>>)>;

    // Cancels the lookup when destroyed: `done` is not called any more. [strand]
    class Lookup {
    public:
        Lookup() = default;
        Lookup(Lookup&&) noexcept = default;
        Lookup& operator=(Lookup&& other) noexcept;
        ~Lookup() { cancel(); }
        void cancel() noexcept;

    private:
        friend class NameResolver;
        struct Shared;
        explicit Lookup(std::shared_ptr<Shared> shared) noexcept;
        std::shared_ptr<Shared> shared_;
    };

    NameResolver();
    ~NameResolver();

    // Calls `done` on the strand with at least one address, or not_found with what the system says. Beyond kMaxWaiting:
    // unavailable. [any-thread]
    [[nodiscard]] Lookup resolve(std::string host, std::uint16_t port, Strand& strand, Done done);

private:
    struct Pool;
    std::shared_ptr<Pool> pool_;
};

}  // namespace penstock::base
