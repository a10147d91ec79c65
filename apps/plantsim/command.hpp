// The lines that plantsim understands on standard input and on its control socket.
//
//   fault NAME[=ARGUMENT][@SECONDS]    or without the word "fault"
//   clear [NAME]                       same as "fault clear=NAME"
//   status                             time, time factor, connections, faults that are on
//   faults                             the faults and their arguments
#pragma once

#include <string>
#include <string_view>

#include "apps/plantsim/fault_desk.hpp"

namespace penstock::plantsim {

struct Reply {
    bool accepted;
    std::string text;  // without a newline at its end
};

// What a line does; an empty line does nothing and is accepted.
Reply run_command(std::string_view line, Simulation& simulation, const Server& server, FaultDesk& desk, FaultDesk::Time now);

// The table of faults, for `faults` and for --help.
std::string faults_text();

}  // namespace penstock::plantsim
