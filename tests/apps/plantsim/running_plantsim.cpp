#include "tests/apps/plantsim/running_plantsim.hpp"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <filesystem>
#include <stdexcept>
#include <utility>

extern char** environ;

namespace penstock::plantsim {
namespace {

constexpr int kPatience_ms = 10'000;

struct Child {
    pid_t pid = -1;
    int in = -1;
    int out = -1;
    int err = -1;
};

Child start(std::vector<std::string> words) {
    std::array<std::array<int, 2>, 3> pipes{};
    for (auto& ends : pipes) {
        if (::pipe2(ends.data(), O_CLOEXEC) != 0) throw std::runtime_error("no pipe");
    }
    posix_spawn_file_actions_t actions;
    ::posix_spawn_file_actions_init(&actions);
    ::posix_spawn_file_actions_adddup2(&actions, pipes[0][0], STDIN_FILENO);
    ::posix_spawn_file_actions_adddup2(&actions, pipes[1][1], STDOUT_FILENO);
    ::posix_spawn_file_actions_adddup2(&actions, pipes[2][1], STDERR_FILENO);
    words.insert(words.begin(), PENSTOCK_BIN_DIR "/plantsim");
    std::vector<char*> argv;
    for (std::string& word : words) argv.push_back(word.data());
    argv.push_back(nullptr);
    Child child;
    const int failed = ::posix_spawn(&child.pid, argv[0], &actions, nullptr, argv.data(), environ);
    ::posix_spawn_file_actions_destroy(&actions);
    ::close(pipes[0][0]);
    ::close(pipes[1][1]);
    ::close(pipes[2][1]);
    if (failed != 0) throw std::runtime_error("cannot start " + words[0]);
    child.in = pipes[0][1];
    child.out = pipes[1][0];
    child.err = pipes[2][0];
    return child;
}

std::string read_all(int fd) {
    std::string text;
    std::array<char, 4096> buffer;
    for (ssize_t count = 0; (count = ::read(fd, buffer.data(), buffer.size())) > 0;) {
        text.append(buffer.data(), static_cast<std::size_t>(count));
    }
    return text;
}

std::string next_line(int fd, std::string& pending) {
    while (pending.find('\n') == std::string::npos) {
        pollfd ready{fd, POLLIN, 0};
        if (::poll(&ready, 1, kPatience_ms) <= 0) throw std::runtime_error("plantsim says nothing; before: " + pending);
        std::array<char, 4096> buffer;
        const ssize_t count = ::read(fd, buffer.data(), buffer.size());
        if (count <= 0) throw std::runtime_error("plantsim has ended; before: " + pending);
        pending.append(buffer.data(), static_cast<std::size_t>(count));
    }
    const std::size_t end = pending.find('\n');
    std::string line = pending.substr(0, end);
    pending.erase(0, end + 1);
    return line;
}

int exit_code_of(pid_t pid) {
    int status = 0;
    ::waitpid(pid, &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

}  // namespace

Finished run_plantsim(const std::vector<std::string>& arguments) {
    const Child child = start(arguments);
    ::close(child.in);
    // Both are short, so neither pipe fills up while the other is read; --map fits in a pipe too.
    Finished finished{0, read_all(child.out), read_all(child.err)};
    ::close(child.out);
    ::close(child.err);
    finished.exit_code = exit_code_of(child.pid);
    return finished;
}

RunningPlantsim::RunningPlantsim(std::vector<std::string> arguments) {
    std::string name = (std::filesystem::temp_directory_path() / "plantsim-XXXXXX").string();
    if (::mkdtemp(name.data()) == nullptr) throw std::runtime_error("no temporary folder");
    folder_ = name;
    control_ = folder_ + "/control.sock";
    arguments.insert(arguments.begin(), {"--port", "0", "--control", control_});
    const Child child = start(std::move(arguments));
    pid_ = child.pid;
    in_ = child.in;
    out_ = child.out;
    err_ = child.err;
    const std::string listening = next_output();
    const std::string ready = next_output();
    const std::size_t colon = listening.rfind(':');
    if (!listening.starts_with("listening 127.0.0.1:") || ready != "ready")
        throw std::runtime_error("found: " + listening + ", " + ready);
    port_ = std::stoi(listening.substr(colon + 1));
}

RunningPlantsim::~RunningPlantsim() {
    if (pid_ > 0) stop(SIGKILL);
    for (const int fd : {in_, out_, err_}) ::close(fd);
    std::error_code ignored;
    std::filesystem::remove_all(folder_, ignored);
}

void RunningPlantsim::type(const std::string& line) const {
    const std::string text = line + "\n";
    if (::write(in_, text.data(), text.size()) != static_cast<ssize_t>(text.size()))
        throw std::runtime_error("plantsim does not listen");
}

std::string RunningPlantsim::next_output() { return next_line(out_, out_pending_); }
std::string RunningPlantsim::next_log() { return next_line(err_, err_pending_); }

Finished RunningPlantsim::command(std::vector<std::string> words) const {
    words.insert(words.end(), {"--control", control_});
    return run_plantsim(words);
}

int RunningPlantsim::stop(int signal) {
    ::kill(pid_, signal);
    return exit_code_of(std::exchange(pid_, -1));
}

}  // namespace penstock::plantsim
