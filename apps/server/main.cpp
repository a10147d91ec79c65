// penstock-server: reads its command line, starts a server, waits for a signal, stops it.

#include <signal.h>
#include <unistd.h>

#include <cstdio>
#include <exception>
#include <mutex>
#include <string>

#include <CLI/CLI.hpp>

#include "apps/server/socket_link.hpp"
#include "core/guests/plugin_registry.hpp"
#include "core/server/server.hpp"

namespace penstock {
namespace {

constexpr int kUsage = 2;

struct CommandLine {
    server::ServerOptions server;
    bool allow_root = false;
};

// The exit code if the program ends here, else nothing.
std::optional<int> read_command_line(int argc, char** argv, CommandLine& into) {
    CLI::App app{"The Penstock server: keeps the plant's tags and serves operator stations", "penstock-server"};
    std::string data;
    std::string site;
    std::vector<std::string> settings;
    app.add_option("--data", data, "folder for everything that must survive a restart; made if there is none")->required();
    app.add_option("--site", site, "folder of the site to run")->required();
    app.add_option("--set", settings, "NAME=VALUE for a parameter of the site")->allow_extra_args(false);
    app.add_option("--listen", into.server.listen,
                   "further URLs to listen at, as unix:PATH; DATA/penstock.sock is always served")
        ->allow_extra_args(false);
    app.add_flag("--allow-root", into.allow_root, "run as root all the same");
    app.set_version_flag("--version", PENSTOCK_VERSION);
    try {
        app.parse(argc, argv);
        for (const auto& text : settings)
            if (const auto added = into.server.params.add(text); !added)
                throw CLI::ValidationError("--set", added.error().text());
    } catch (const CLI::Success& success) {
        return app.exit(success);
    } catch (const CLI::ParseError& error) {
        std::fprintf(stderr, "penstock-server: %s\npenstock-server: see penstock-server --help\n", error.what());
        return kUsage;
    }
    into.server.data = data;
    into.server.site = site;
    into.server.historian = "historian.sqlite";
    into.server.version = PENSTOCK_VERSION;
    return std::nullopt;
}

// Signals are waited for, not handled: every thread inherits the mask, and nothing runs in a handler.
sigset_t block_signals() {
    sigset_t wanted;
    sigemptyset(&wanted);
    sigaddset(&wanted, SIGINT);
    sigaddset(&wanted, SIGTERM);
    sigaddset(&wanted, SIGHUP);
    pthread_sigmask(SIG_BLOCK, &wanted, nullptr);
    signal(SIGPIPE, SIG_IGN);
    return wanted;
}

// A plant without a memory is not served: the process ends, in words, and whoever looks after it starts it anew.
class FailedJournal {
public:
    void end_server(const std::string& why) {
        const std::scoped_lock lock(mutex_);
        why_ = why;
        ::kill(::getpid(), SIGTERM);
    }
    [[nodiscard]] std::string why() const {
        const std::scoped_lock lock(mutex_);
        return why_;
    }

private:
    mutable std::mutex mutex_;  // guards why_
    std::string why_;
};

int report(const server::StartFailure& failure) {
    for (const auto& fault : failure.faults) std::fprintf(stderr, "%s\n", fault.text().c_str());
    std::fprintf(stderr, "penstock-server: %s\n", failure.sentence.c_str());
    return 1;
}

int serve(CommandLine options) {
    if (::geteuid() == 0) {
        if (!options.allow_root) {
            std::fputs(
                "penstock-server: refuses to run as root: a fault in a plugin would own the machine; "
                "use an account of its own, or --allow-root\n",
                stderr);
            return 1;
        }
        options.server.warnings.emplace_back("the server runs as root (--allow-root)");
    }
    const auto signals = block_signals();
    guests::RegistryOptions registry_options;
    registry_options.runtime_folder = options.server.data;  // not the system's: that may be mounted noexec
    const auto plugins = guests::PluginRegistry::scan(guests::default_search_paths(), registry_options);
    const auto data = options.server.data;
    FailedJournal failed;
    options.server.on_failure = [&failed](const std::string& why) { failed.end_server(why); };
    auto server = server::Server::start(std::move(options.server), plugins);
    if (!server) return report(server.error());

    const SocketLink link((*server)->listeners().front());
    for (const auto& url : (*server)->listeners()) std::printf("listening %s\n", url.c_str());
    std::puts("ready");
    std::fflush(stdout);

    int signal = 0;
    sigwait(&signals, &signal);
    const auto why = failed.why();
    if (why.empty()) {
        std::fputs("penstock-server: stopping\n", stderr);
    } else {
        std::fprintf(stderr, "penstock-server: stopping, as nothing can be written down any more: %s\n", why.c_str());
    }
    server->reset();
    return why.empty() ? 0 : 1;
}

}  // namespace
}  // namespace penstock

int main(int argc, char** argv) {
    try {
        penstock::CommandLine options;
        if (const auto code = penstock::read_command_line(argc, argv, options)) return *code;
        return penstock::serve(std::move(options));
    } catch (const std::exception& error) {
        std::fprintf(stderr, "penstock-server: %s\n", error.what());
        return 1;
    }
}
