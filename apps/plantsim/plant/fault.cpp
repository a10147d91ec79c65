#include "apps/plantsim/plant/fault.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <utility>

namespace penstock::plantsim {
namespace {

constexpr std::array kFaults{
    FaultHelp{FaultKind::leak, "leak", "leak[=M3_PER_H]",
              "a pipe bursts in the network: 80 m3/h at 5 bar, or as given (1 to 1000)"},
    FaultHelp{FaultKind::trip, "trip", "trip[=PUMP]",
              "a pump overheats and trips: intake_pump_1..3, pressure_pump_1..3; without PUMP one that runs"},
    FaultHelp{FaultKind::stuck, "stuck", "stuck[=VALVE]",
              "an inlet valve keeps its position: filter_1..4; without VALVE that of the dirtiest filter"},
    FaultHelp{FaultKind::drift, "drift", "drift[=SENSOR[:PER_HOUR]]",
              "a reading runs away: clear_tank.level (default, +0.5 m/h), raw_tank.level, network.pressure, dosing.residual"},
    FaultHelp{FaultKind::freeze_values, "freeze-values", "freeze-values",
              "registers keep their values while the plant runs on"},
    FaultHelp{FaultKind::freeze_server, "freeze-server", "freeze-server[=SECONDS]",
              "connections stay up and nothing is answered, for so many real seconds or until cleared"},
    FaultHelp{FaultKind::link_loss, "link-loss", "link-loss[=SECONDS]",
              "connections are cut and refused for 30 real seconds, or as given"},
    FaultHelp{FaultKind::clear, "clear", "clear[=NAME]", "ends the fault NAME, or all, and repairs what was broken"},
};

constexpr std::array<std::string_view, 6> kPumps{"intake_pump_1",   "intake_pump_2",   "intake_pump_3",
                                                 "pressure_pump_1", "pressure_pump_2", "pressure_pump_3"};
constexpr std::array<std::string_view, 4> kValves{"filter_1", "filter_2", "filter_3", "filter_4"};
constexpr std::array<std::string_view, 4> kSensors{"clear_tank.level", "raw_tank.level", "network.pressure", "dosing.residual"};

std::string list(std::span<const std::string_view> words) {
    std::string text;
    for (const std::string_view word : words) {
        if (!text.empty()) text += ", ";
        text += word;
    }
    return text;
}

std::unexpected<std::string> wrong(std::string_view fault, std::string_view found, const std::string& wanted) {
    return std::unexpected("fault \"" + std::string(fault) + "\": \"" + std::string(found) + "\" is not " + wanted);
}

std::optional<double> parse_number(std::string_view text) {
    double value = 0.0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc{} || end != text.data() + text.size() || !std::isfinite(value)) return std::nullopt;
    return value;
}

using Parsed = std::expected<Fault, std::string>;

Parsed with_amount(Fault fault, std::string_view argument, double lowest, double highest, const std::string& what) {
    const auto amount = parse_number(argument);
    if (!amount || *amount < lowest || *amount > highest) return wrong(fault_name(fault.kind), argument, what);
    fault.amount = amount;
    return fault;
}

Parsed with_target(Fault fault, std::string_view argument, std::span<const std::string_view> words) {
    if (std::ranges::find(words, argument) == words.end()) {
        return wrong(fault_name(fault.kind), argument, "one of " + list(words));
    }
    fault.target = argument;
    return fault;
}

Parsed with_drift(Fault fault, std::string_view argument) {
    const std::size_t colon = argument.find(':');
    auto parsed = with_target(std::move(fault), argument.substr(0, colon), kSensors);
    if (!parsed || colon == std::string_view::npos) return parsed;
    return with_amount(*std::move(parsed), argument.substr(colon + 1), -1000.0, 1000.0,
                       "a rate per hour between -1000 and 1000");
}

Parsed with_argument(Fault fault, std::string_view argument) {
    switch (fault.kind) {
        case FaultKind::leak: return with_amount(std::move(fault), argument, 1.0, 1000.0, "a flow between 1 and 1000 m3/h");
        case FaultKind::trip: return with_target(std::move(fault), argument, kPumps);
        case FaultKind::stuck: return with_target(std::move(fault), argument, kValves);
        case FaultKind::drift: return with_drift(std::move(fault), argument);
        case FaultKind::freeze_values: return wrong("freeze-values", argument, "needed: this fault takes no argument");
        case FaultKind::freeze_server:
        case FaultKind::link_loss:
            return with_amount(std::move(fault), argument, 0.1, 86400.0, "a time between 0.1 and 86400 seconds");
        case FaultKind::clear:
            if (!find_fault(argument)) return wrong("clear", argument, "the name of a fault");
            fault.target = argument;
            return fault;
    }
    return fault;
}

std::string unknown(std::string_view name) {
    std::string names;
    for (const FaultHelp& help : kFaults) names += (names.empty() ? "" : ", ") + std::string(help.name);
    return "fault \"" + std::string(name) + "\" is unknown; there are " + names;
}

}  // namespace

bool Fault::strikes_server() const {
    return kind == FaultKind::freeze_values || kind == FaultKind::freeze_server || kind == FaultKind::link_loss;
}

std::span<const FaultHelp> fault_list() { return kFaults; }

std::string_view fault_name(FaultKind kind) { return std::ranges::find(kFaults, kind, &FaultHelp::kind)->name; }

std::optional<FaultKind> find_fault(std::string_view name) {
    const auto found = std::ranges::find(kFaults, name, &FaultHelp::name);
    if (found == kFaults.end()) return std::nullopt;
    return found->kind;
}

std::expected<Fault, std::string> parse_fault(std::string_view text) {
    const std::size_t at = text.find('@');
    const std::string_view what = text.substr(0, at);
    const std::size_t equals = what.find('=');
    const std::string_view name = what.substr(0, equals);
    const auto kind = find_fault(name);
    if (!kind) return std::unexpected(unknown(name));
    Fault fault{*kind, {}, std::nullopt};
    if (at != std::string_view::npos) {
        const auto seconds = parse_number(text.substr(at + 1));
        if (!seconds || *seconds < 0.0)
            return wrong(name, text.substr(at), "a time like @600 (simulated seconds after the start)");
        fault.at = Seconds{*seconds};
    }
    if (equals == std::string_view::npos) return fault;
    return with_argument(std::move(fault), what.substr(equals + 1));
}

}  // namespace penstock::plantsim
