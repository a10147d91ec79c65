// plantsim: a waterworks that is worth watching. See --help.
#include <signal.h>
#include <sys/signalfd.h>

#include <chrono>
#include <cstdio>

#include "apps/plantsim/command.hpp"
#include "apps/plantsim/control.hpp"
#include "apps/plantsim/fault_desk.hpp"
#include "apps/plantsim/options.hpp"
#include "apps/plantsim/pacer.hpp"
#include "apps/plantsim/registers.hpp"
#include "apps/plantsim/server.hpp"

namespace penstock::plantsim {
namespace {

constexpr int kDone = 0;
constexpr int kRefused = 1;
constexpr int kWrongUsage = 2;
constexpr int kNoConnection = 3;

constexpr std::chrono::milliseconds kTick{20};

using Clock = std::chrono::steady_clock;

int complain(const std::string& sentence, int code) {
    std::fprintf(stderr, "plantsim: %s\n", sentence.c_str());
    return code;
}

// A descriptor that becomes readable on SIGTERM or SIGINT.
FileHandle stop_signals() {
    // A plantsim in the background of a shell must not be stopped because it listens to the terminal.
    ::signal(SIGTTIN, SIG_IGN);
    ::signal(SIGPIPE, SIG_IGN);
    sigset_t signals;
    ::sigemptyset(&signals);
    ::sigaddset(&signals, SIGTERM);
    ::sigaddset(&signals, SIGINT);
    ::sigprocmask(SIG_BLOCK, &signals, nullptr);
    return FileHandle(::signalfd(-1, &signals, SFD_CLOEXEC | SFD_NONBLOCK));
}

class Program {
public:
    Program(const RunOptions& options, Server server, Control control)
        : simulation_{Plant(options.seed, options.start_of_day), options.speed},
          server_(std::move(server)),
          control_(std::move(control)),
          desk_(simulation_, server_) {
        for (const Fault& fault : options.faults) log(desk_.submit(fault, Clock::now()));
        registers_.refresh(simulation_);
    }

    // Runs until a stop signal arrives.
    void run(const FileHandle& stop) {
        Pacer pacer(Clock::now());
        auto next_tick = Clock::now();
        while (wait(stop, next_tick)) {
            const auto now = Clock::now();
            if (now < next_tick) continue;
            next_tick = now + kTick;
            tick(pacer, now);
        }
    }

private:
    static void log(const std::string& line) { std::fprintf(stderr, "plantsim: %s\n", line.c_str()); }

    // Waits for descriptors until `deadline` and serves them; false on a stop signal.
    bool wait(const FileHandle& stop, Clock::time_point deadline) {
        descriptors_.clear();
        descriptors_.push_back({stop.get(), POLLIN, 0});
        control_.add_descriptors(descriptors_);
        server_.add_descriptors(descriptors_);
        const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - Clock::now());
        const int timeout = static_cast<int>(std::max<std::chrono::milliseconds::rep>(left.count(), 0));
        if (::poll(descriptors_.data(), descriptors_.size(), timeout) <= 0) return true;
        if (descriptors_.front().revents != 0) return false;
        server_.serve(descriptors_, registers_, simulation_);
        control_.serve(descriptors_,
                       [this](std::string_view line) { return run_command(line, simulation_, server_, desk_, Clock::now()); });
        return true;
    }

    void tick(Pacer& pacer, Clock::time_point now) {
        for (auto steps = pacer.steps_due(now, simulation_.time_factor); steps > 0; --steps) simulation_.plant.step();
        for (const std::string& line : desk_.tick(now)) log(line);
        if (!desk_.is_frozen()) registers_.refresh(simulation_);
        server_.next_tick();
    }

    Simulation simulation_;
    Server server_;
    Control control_;
    FaultDesk desk_;
    Registers registers_;
    std::vector<pollfd> descriptors_;
};

int run_plant(const RunOptions& options) {
    const FileHandle stop = stop_signals();
    auto server = Server::open(options.bind, options.port);
    if (!server) return complain(server.error(), kRefused);
    const std::uint16_t port = server->port();
    auto control = Control::open(options.control.empty() ? Control::default_path(port) : options.control);
    if (!control) return complain(control.error(), kRefused);
    Program program(options, *std::move(server), *std::move(control));
    std::printf("listening %s:%u\nready\n", options.bind.c_str(), static_cast<unsigned>(port));
    program.run(stop);
    return kDone;
}

int send(const CommandOptions& options) {
    const auto reply =
        send_command(options.control.empty() ? Control::default_path(options.port) : options.control, options.line);
    if (!reply) return complain(reply.error(), kNoConnection);
    if (!reply->accepted) return complain(reply->text, kWrongUsage);
    std::printf("%s\n", reply->text.c_str());
    return kDone;
}

}  // namespace

int run(int argc, const char* const* argv) {
    std::setvbuf(stdout, nullptr, _IONBF, 0);
    const auto options = parse_options(argc, argv);
    if (!options) return complain(options.error(), kWrongUsage);
    if (const auto* print = std::get_if<PrintOptions>(&*options)) {
        std::printf("%s", print->text.c_str());
        return kDone;
    }
    if (const auto* command = std::get_if<CommandOptions>(&*options)) return send(*command);
    return run_plant(std::get<RunOptions>(*options));
}

}  // namespace penstock::plantsim

int main(int argc, char** argv) { return penstock::plantsim::run(argc, argv); }
