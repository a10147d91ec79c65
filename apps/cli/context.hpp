#pragma once

// What every verb has: where to print, how to reach the server.

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include <penstock/session.hpp>

#include "apps/cli/exit_code.hpp"

namespace penstock::cli {

struct GlobalOptions {
    std::string server;  // --server; "" = $PENSTOCK_SERVER, else the user's most recently started server
    bool json = false;
    std::string
        locale;  // of the environment: in which language texts are asked for, where a verb does not say; "" = the site's first
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

// Runs a verb with a session to the server; where there is none, says so and returns the exit code for it.
int with_session(const GlobalOptions& options, const std::function<int(Session&)>& run);

// Where the server is, by the rules of GlobalOptions::server.
[[nodiscard]] std::string server_url(const GlobalOptions& options);

inline constexpr std::chrono::milliseconds kReplyTimeout{10'000};
inline constexpr std::chrono::milliseconds kQueryTimeout{120'000};  // a page of history, a trend, a search through events
inline constexpr std::chrono::milliseconds kWholeDataTimeout{6 * 3'600'000};  // what reads all of a server's data

// The server's clock, as relative times are meant; this machine's if the server does not tell.
[[nodiscard]] UtcTime server_time(Session& session);

// Says on standard error what went wrong ("penstock: ...") and returns the exit code for it.
int report(const Error& error);
// The same of a command line that makes no sense: kUsage.
int usage(const Error& error);

// In which language a verb asks for texts: in the one that the user named, which the server may refuse; else in the one of the site's
// that fits the environment best; "" = the site's first.
[[nodiscard]] std::string language_for(Session& session, const GlobalOptions& global, const std::string& named);

// Sets on Ctrl-C and SIGTERM; long-running verbs end in good order.
[[nodiscard]] bool interrupted() noexcept;
void watch_for_interrupt();

}  // namespace penstock::cli
