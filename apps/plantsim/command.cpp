#include "apps/plantsim/command.hpp"

#include <array>
#include <cstdio>

namespace penstock::plantsim {
namespace {

constexpr std::string_view kBlank = " \t\r\n";

std::string_view trimmed(std::string_view text) {
    const std::size_t begin = text.find_first_not_of(kBlank);
    if (begin == std::string_view::npos) return {};
    return text.substr(begin, text.find_last_not_of(kBlank) - begin + 1);
}

// Splits off the first word.
std::string_view first_word(std::string_view& rest) {
    const std::size_t end = rest.find_first_of(" \t");
    const std::string_view word = rest.substr(0, end);
    rest = end == std::string_view::npos ? std::string_view{} : trimmed(rest.substr(end));
    return word;
}

std::string status_text(const Simulation& simulation, const Server& server, const FaultDesk& desk) {
    const int minutes = static_cast<int>(simulation.plant.time_of_day().count() / 60.0);
    std::array<char, 160> text{};
    std::snprintf(text.data(), text.size(),
                  "%02d:%02d at the works after %.0f simulated seconds, %.0f x real time, %zu connections, faults: ",
                  minutes / 60, minutes % 60, simulation.plant.elapsed().count(), simulation.time_factor, server.connections());
    return text.data() + desk.active_text();
}

}  // namespace

std::string faults_text() {
    std::string text;
    for (const FaultHelp& help : fault_list()) {
        std::string usage(help.usage);
        usage.resize(std::max<std::size_t>(usage.size() + 2, 28), ' ');
        text += "  " + usage + std::string(help.text) + "\n";
    }
    return text;
}

Reply run_command(std::string_view line, Simulation& simulation, const Server& server, FaultDesk& desk, FaultDesk::Time now) {
    std::string_view rest = trimmed(line);
    if (rest.empty()) return {true, ""};
    std::string_view word = first_word(rest);
    if (word == "status") return {true, status_text(simulation, server, desk)};
    if (word == "faults" || word == "help") {
        std::string text = faults_text();
        text.pop_back();
        return {true, text};
    }
    if (word == "fault") word = first_word(rest);
    std::string fault_text(word);
    if (word == "clear" && !rest.empty()) fault_text += "=" + std::string(first_word(rest));
    if (!rest.empty()) return {false, "\"" + std::string(rest) + "\" is too much: one fault in a line, such as leak=120"};
    const auto fault = parse_fault(fault_text);
    if (!fault) return {false, fault.error()};
    return {true, desk.submit(*fault, now)};
}

}  // namespace penstock::plantsim
