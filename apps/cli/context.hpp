#pragma once

// What every verb has: where to print, how to reach the server.

#include <chrono>
#include <memory>
#include <string>
#include <string_view>

#include <penstock/session.hpp>

#include "apps/cli/exit_code.hpp"

namespace penstock::cli {

struct GlobalOptions {
    std::string server;  // --server; "" = $PENSTOCK_SERVER, else the user's most recently started server
    bool json = false;
};

// A session and the threads that carry it.
class Link {
public:
    virtual ~Link() = default;
    [[nodiscard]] virtual Session& session() noexcept = 0;
    [[nodiscard]] virtual const std::string& url() const noexcept = 0;
};

// Opens a session and waits until it is connected. Error disconnected, timeout or denied: a sentence that names the server.
[[nodiscard]] Result<std::unique_ptr<Link>> connect(const GlobalOptions& options);

// Where the server is, by the rules of GlobalOptions::server.
[[nodiscard]] std::string server_url(const GlobalOptions& options);

inline constexpr std::chrono::milliseconds kReplyTimeout{10'000};
inline constexpr std::chrono::milliseconds kQueryTimeout{120'000};  // a page of history, a trend, a search through events
inline constexpr std::chrono::milliseconds kWholeDataTimeout{6 * 3'600'000};  // what reads all of a server's data

// The server's clock, as relative times are meant; this machine's if the server does not tell.
[[nodiscard]] UtcTime server_time(Session& session);

// Says on standard error what went wrong ("penstock: ...") and returns the exit code for it.
int report(const Error& error);

// Sets on Ctrl-C and SIGTERM; long-running verbs end in good order.
[[nodiscard]] bool interrupted() noexcept;
void watch_for_interrupt();

}  // namespace penstock::cli
