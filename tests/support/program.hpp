#pragma once

// Starts programs for tests and reads what they say. A program lives no longer than its object: it is ended by its own process
// id, never by name.

#include <chrono>
#include <string>
#include <string_view>
#include <vector>

#include <sys/types.h>

#include "tests/support/temp_folder.hpp"

namespace penstock::testing {

using Seconds = std::chrono::duration<double>;
inline constexpr Seconds kPatience{20};  // far beyond what anything takes, also under sanitizers on a busy machine

class Program {
public:
    // Starts argv[0] (a path, or a name looked up in PATH) with standard output and error captured. `environment` adds
    // NAME=VALUE entries. Fails the test if it cannot be started.
    explicit Program(std::vector<std::string> argv, std::vector<std::string> environment = {});
    ~Program();  // SIGKILL if it still runs
    Program(const Program&) = delete;
    Program& operator=(const Program&) = delete;

    // The first line of standard output, from the last one found on, that begins with `prefix`. Fails the test and returns ""
    // if the program ends or `most` passes before; the message holds all that it said.
    std::string wait_for_line(std::string_view prefix, Seconds most = kPatience);
    // Like wait_for_line, but without failing: "" if there is no such line yet after `most`.
    std::string poll_line(std::string_view prefix, Seconds most);

    void signal(int number) const;
    // Its exit code; 128 + signal if one ended it; -1 if it still runs after `most`.
    int wait(Seconds most = kPatience);
    // SIGTERM, then wait().
    int stop(Seconds most = kPatience);

    [[nodiscard]] pid_t pid() const noexcept { return pid_; }
    [[nodiscard]] const std::string& output() const noexcept { return output_; }
    [[nodiscard]] const std::string& errors() const noexcept { return errors_; }

private:
    bool pump(Seconds most);  // reads what is there; false if nothing came

    std::string name_;
    pid_t pid_ = -1;
    int out_ = -1;
    int err_ = -1;
    std::string output_;
    std::string errors_;
    std::size_t read_up_to_ = 0;
    int exit_code_ = -1;
    bool has_ended_ = false;
};

struct RunResult {
    int code;
    std::string out;
    std::string err;
};
// Runs a program to its end.
RunResult run(std::vector<std::string> argv, std::vector<std::string> environment = {}, Seconds most = Seconds(60));

// Calls `is_true` every 20 ms until it says so; false after `most`. For what only another program can tell.
template <class Condition>
bool eventually(Condition is_true, Seconds most = kPatience);

// A TempFolder whose paths are texts, as command lines want them.
class ScratchFolder {
public:
    [[nodiscard]] const std::string& path() const noexcept { return folder_.path().native(); }
    [[nodiscard]] std::string operator/(std::string_view name) const { return path() + '/' + std::string(name); }

private:
    TempFolder folder_;
};

// A port of 127.0.0.1 that was free a moment ago, for servers that cannot choose one themselves.
int free_port();

void pause_between_looks();

template <class Condition>
bool eventually(Condition is_true, Seconds most) {
    const auto end = std::chrono::steady_clock::now() + most;
    while (!is_true()) {
        if (std::chrono::steady_clock::now() > end) return false;
        pause_between_looks();
    }
    return true;
}

}  // namespace penstock::testing
