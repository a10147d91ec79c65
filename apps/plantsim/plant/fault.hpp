// Faults on command: their names, their arguments and how they are written.
//
//   NAME[=ARGUMENT][@SECONDS]      leak=120    trip=pressure_pump_2    drift=clear_tank.level:-0.4    link-loss=20@600
//
// SECONDS are simulated seconds after the start; they are for faults that are given at the start.
#pragma once

#include <cstdint>
#include <expected>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "apps/plantsim/plant/units.hpp"

namespace penstock::plantsim {

enum class FaultKind : std::uint8_t { leak, trip, stuck, drift, freeze_values, freeze_server, link_loss, clear };

struct Fault {
    FaultKind kind;
    std::string target;            // pump, valve, sensor or fault name; empty: chosen by the plant
    std::optional<double> amount;  // m3/h, rate per hour or seconds; empty: the fault's default
    Seconds at{0};

    // It is the server that suffers, not the water.
    bool strikes_server() const;
};

// One line of the help text.
struct FaultHelp {
    FaultKind kind;
    std::string_view name;
    std::string_view usage;
    std::string_view text;
};

std::span<const FaultHelp> fault_list();
std::string_view fault_name(FaultKind kind);
std::optional<FaultKind> find_fault(std::string_view name);

// Reads a fault as written above; the error is a sentence that names what is wrong and what is possible.
std::expected<Fault, std::string> parse_fault(std::string_view text);

}  // namespace penstock::plantsim
