// Where faults are switched on and off: those given for later, those of the plant, and those of the server with their
// end in real time.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "apps/plantsim/plant/fault.hpp"
#include "apps/plantsim/server.hpp"
#include "apps/plantsim/simulation.hpp"

namespace penstock::plantsim {

class FaultDesk {
public:
    using Time = std::chrono::steady_clock::time_point;

    // Both outlive the desk.
    FaultDesk(Simulation& simulation, Server& server) : simulation_(simulation), server_(server) {}

    static constexpr std::size_t kMostScheduled = 100;

    // Strikes at once, or keeps the fault until the plant has run for fault.at; answers a sentence for the one who asked.
    std::string submit(const Fault& fault, Time now);

    // Strikes what is due and ends what is over; answers a line for each, for the log.
    std::vector<std::string> tick(Time now);

    bool is_frozen() const { return frozen_; }
    // "leak, link-loss", or "none".
    std::string active_text() const;

private:
    std::string strike(const Fault& fault, Time now);
    std::string strike_server(const Fault& fault, Time now);
    std::string clear(const Fault& fault);
    void end(FaultKind kind);

    Simulation& simulation_;
    Server& server_;
    std::vector<Fault> scheduled_;
    bool frozen_ = false;
    std::optional<Time> silent_until_;
    std::optional<Time> cut_until_;
};

}  // namespace penstock::plantsim
