// The command line of plantsim.
#pragma once

#include <cstdint>
#include <expected>
#include <string>
#include <variant>
#include <vector>

#include "apps/plantsim/plant/fault.hpp"

namespace penstock::plantsim {

// Run the plant.
struct RunOptions {
    std::string bind = "127.0.0.1";
    std::uint16_t port = 1502;
    std::string control;  // empty: Control::default_path
    double speed = 1.0;
    std::uint64_t seed = 1;
    Seconds start_of_day{5.5 * 3600};
    std::vector<Fault> faults;
};

// Tell a running plantsim something.
struct CommandOptions {
    std::uint16_t port = 1502;
    std::string control;
    std::string line;
};

// Print this and end.
struct PrintOptions {
    std::string text;
};

using Options = std::variant<RunOptions, CommandOptions, PrintOptions>;

// The error is a sentence.
std::expected<Options, std::string> parse_options(int argc, const char* const* argv);

}  // namespace penstock::plantsim
