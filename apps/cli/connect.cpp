#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <filesystem>

#include "apps/cli/context.hpp"
#include "apps/cli/text.hpp"
#include "core/base/clock.hpp"
#include "core/client/language.hpp"
#include "core/client/remote_session.hpp"
#include "core/guests/plugin_registry.hpp"

namespace penstock::cli {
namespace {

constexpr std::chrono::milliseconds kConnectTimeout{6'000};

volatile std::sig_atomic_t interrupt_seen = 0;

std::string environment(const char* name) {
    const char* value = std::getenv(name);
    return value == nullptr ? std::string() : std::string(value);
}

class RemoteLink final : public Link {
public:
    RemoteLink(std::string url, std::unique_ptr<guests::PluginRegistry> plugins, std::unique_ptr<Session> session)
        : url_(std::move(url)), plugins_(std::move(plugins)), session_(std::move(session)) {}
    Session& session() noexcept override { return *session_; }
    const std::string& url() const noexcept override { return url_; }

private:
    std::string url_;
    std::unique_ptr<guests::PluginRegistry> plugins_;
    std::unique_ptr<Session> session_;  // before the plugins go
};

// Waits for the first connection, or for why there is none.
Result<void> await_connection(Session& session, const std::string& url) {
    const auto end = std::chrono::steady_clock::now() + kConnectTimeout;
    while (std::chrono::steady_clock::now() < end) {
        const auto& link = session.link();
        if (link.state == LinkState::connected) return {};
        if (link.state == LinkState::lost) return fail(link.code, link.sentence);
        session.wait(std::chrono::milliseconds(100));
        session.poll();
    }
    return fail(ErrorCode::timeout, "no answer within 6 s", url);
}

}  // namespace

std::string server_url(const GlobalOptions& options) {
    if (!options.server.empty()) return options.server;
    if (auto url = environment("PENSTOCK_SERVER"); !url.empty()) return url;
    if (auto folder = environment("XDG_RUNTIME_DIR"); !folder.empty()) return "unix:" + folder + "/penstock.sock";
    return "unix:" + environment("HOME") + "/.local/state/penstock/penstock.sock";
}

Result<std::unique_ptr<Link>> connect(const GlobalOptions& options) {
    auto plugins = std::make_unique<guests::PluginRegistry>(guests::PluginRegistry::scan(guests::default_search_paths()));
    client::RemoteOptions remote;
    remote.url = server_url(options);
    remote.client = "penstock " PENSTOCK_VERSION;
    auto session = client::connect_session(*plugins, remote);
    if (!session) return std::unexpected(session.error());
    if (auto connected = await_connection(**session, remote.url); !connected) return std::unexpected(connected.error());
    return std::make_unique<RemoteLink>(std::move(remote.url), std::move(plugins), *std::move(session));
}

int with_session(const GlobalOptions& options, const std::function<int(Session&)>& run) {
    auto link = connect(options);
    return link ? run((*link)->session()) : report(link.error());
}

std::string language_for(Session& session, const GlobalOptions& global, const std::string& named) {
    if (!named.empty() || global.locale.empty()) return named;
    const auto status = session.call_and_wait(StatusRequest{}, kReplyTimeout);
    if (!status) return {};
    return client::choose_language(status->server.languages, {.asked = {}, .chosen = {}, .locale = global.locale}).value_or("");
}

UtcTime server_time(Session& session) {
    const auto status = session.call_and_wait(StatusRequest{}, kReplyTimeout);
    return status ? status->now : base::SystemClock().now().utc;
}

int report(const Error& error) {
    std::fprintf(stderr, "penstock: %s\n", printable(error.text()).c_str());
    return exit_code(error.code());
}

int usage(const Error& error) {
    report(error);
    return kUsage;
}

bool interrupted() noexcept { return interrupt_seen != 0; }

void watch_for_interrupt() {
    const auto note = [](int) { interrupt_seen = 1; };
    std::signal(SIGINT, note);
    std::signal(SIGTERM, note);
}

}  // namespace penstock::cli
