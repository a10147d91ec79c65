// Starts plantsim on a free port, and stops it by its process id.
#pragma once

#include <sys/types.h>

#include <string>
#include <vector>

namespace penstock::plantsim {

// What a program printed, and how it ended.
struct Finished {
    int exit_code = -1;
    std::string out;
    std::string err;
};

// Runs plantsim to its end.
Finished run_plantsim(const std::vector<std::string>& arguments);

class RunningPlantsim {
public:
    // Returns when it is ready; throws if it ends before. Its control socket lies in a folder of its own.
    explicit RunningPlantsim(std::vector<std::string> arguments = {});
    RunningPlantsim(const RunningPlantsim&) = delete;
    RunningPlantsim& operator=(const RunningPlantsim&) = delete;
    ~RunningPlantsim();

    int port() const { return port_; }
    const std::string& control() const { return control_; }

    // Writes a line to its standard input.
    void type(const std::string& line) const;
    // The next line of its standard output, or of its log; throws after ten seconds without one.
    std::string next_output();
    std::string next_log();
    // `plantsim VERB...` against this one, as from another terminal.
    Finished command(std::vector<std::string> words) const;
    // Sends `signal` and answers the exit code.
    int stop(int signal);

private:
    pid_t pid_ = -1;
    int in_ = -1;
    int out_ = -1;
    int err_ = -1;
    int port_ = 0;
    std::string folder_;
    std::string control_;
    std::string out_pending_;
    std::string err_pending_;
};

}  // namespace penstock::plantsim
