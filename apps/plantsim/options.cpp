#include "apps/plantsim/options.hpp"

#include <arpa/inet.h>

#include <CLI/CLI.hpp>

#include "apps/plantsim/command.hpp"
#include "apps/plantsim/map_text.hpp"
#include "apps/plantsim/simulation.hpp"

namespace penstock::plantsim {
namespace {

std::string footer() {
    return "\nCommands while it runs: the same lines on its standard input, or from another terminal:\n"
         "  plantsim fault NAME[=ARGUMENT] [--port N]    plantsim clear [NAME]    plantsim status\n"
         "\nFaults:\n" +
         faults_text() +
         "\nThe register map is printed by --map and --map=csv; it is written in apps/plantsim/point_table.cpp.\n"
         "It answers every unit id. Ctrl-C ends it.";
}

// "05:30" as seconds since midnight.
std::expected<Seconds, std::string> parse_time_of_day(const std::string& text) {
    int hours = -1;
    int minutes = -1;
    int end = 0;
    const int read = std::sscanf(text.c_str(), "%2d:%2d%n", &hours, &minutes, &end);
    const bool whole = read == 2 && static_cast<std::size_t>(end) == text.size();
    if (!whole || hours < 0 || hours > 23 || minutes < 0 || minutes > 59) {
        return std::unexpected("--start " + text + " is no time of day such as 05:30");
    }
    return Seconds{hours * 3600.0 + minutes * 60.0};
}

std::string check_address(const std::string& text) {
    in_addr parsed{};
    return ::inet_pton(AF_INET, text.c_str(), &parsed) == 1 ? "" : text + " is no IPv4 address such as 127.0.0.1";
}

// CLI11 would say of a number that is too large for its type only that it could not be converted.
std::string check_port(const std::string& text) {
    const bool is_number = !text.empty() && text.size() <= 5 && text.find_first_not_of("0123456789") == std::string::npos;
    return is_number && std::stoi(text) <= 65535 ? "" : text + " is no port between 0 and 65535";
}

std::expected<Options, std::string> finish_run(RunOptions run, const std::string& start,
                                               const std::vector<std::string>& faults) {
    const auto start_of_day = parse_time_of_day(start);
    if (!start_of_day) return std::unexpected(start_of_day.error());
    run.start_of_day = *start_of_day;
    for (const std::string& text : faults) {
        auto fault = parse_fault(text);
        if (!fault) return std::unexpected("--" + fault.error());
        run.faults.push_back(*std::move(fault));
    }
    return run;
}

std::expected<Options, std::string> finish_map(const std::string& map) {
    if (map == "table") return PrintOptions{map_table()};
    if (map == "csv") return PrintOptions{map_csv()};
    return std::unexpected("--map=" + map + " is unknown; there are --map and --map=csv");
}

}  // namespace

std::expected<Options, std::string> parse_options(int argc, const char* const* argv) {
    CLI::App app{"plantsim: a simulated waterworks, served over Modbus TCP", "plantsim"};
    RunOptions run;
    std::string start = "05:30";
    std::string map;
    std::string argument;
    std::vector<std::string> faults;
    app.add_option("--bind", run.bind, "IPv4 address to listen on")->capture_default_str()->check(check_address);
    app.add_option("--port", run.port, "TCP port; 0 takes a free one")->capture_default_str()->check(check_port);
    app.add_option("--control", run.control,
                   "path of the control socket; else in $XDG_RUNTIME_DIR or /tmp, named after the port");
    app.add_option("--speed", run.speed, "simulated seconds per second")
        ->capture_default_str()
        ->check(CLI::Range(Simulation::kSlowest, Simulation::kFastest));
    app.add_option("--seed", run.seed, "of the weather, the demand and the measurement noise")->capture_default_str();
    app.add_option("--start", start, "time of day to begin at")->capture_default_str();
    app.add_option("--fault", faults, "a fault from the start, or @SECONDS simulated seconds later; may be repeated")
        ->allow_extra_args(false);
    CLI::Option* map_option = app.add_option("--map", map, "print the register map and end; --map=csv for programs")
                                  ->expected(0, 1)
                                  ->default_str("table")
                                  ->allow_extra_args(false);
    app.footer(footer());
    app.require_subcommand(0, 1);
    CLI::App* fault = app.add_subcommand("fault", "switch a fault of a running plantsim on")->fallthrough();
    fault->add_option("NAME[=ARGUMENT]", argument, "see \"Faults\"")->required();
    CLI::App* clear = app.add_subcommand("clear", "end the fault NAME, or all")->fallthrough();
    clear->add_option("NAME", argument, "a fault");
    CLI::App* status = app.add_subcommand("status", "what a running plantsim is doing")->fallthrough();
    try {
        app.parse(argc, argv);
    } catch (const CLI::CallForHelp&) {
        return PrintOptions{app.help()};
    } catch (const CLI::ParseError& error) {
        return std::unexpected(std::string(error.what()) + "; see plantsim --help");
    }
    if (*fault) return CommandOptions{run.port, run.control, "fault " + argument};
    if (*clear) return CommandOptions{run.port, run.control, "clear " + argument};
    if (*status) return CommandOptions{run.port, run.control, "status"};
    if (*map_option) return finish_map(map);
    return finish_run(std::move(run), start, faults);
}

}  // namespace penstock::plantsim
