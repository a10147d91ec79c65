#include "tests/support/program.hpp"

#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <stdexcept>
#include <thread>

#include <gtest/gtest.h>

namespace penstock::testing {
namespace {

using Clock = std::chrono::steady_clock;

[[noreturn]] void become(std::vector<std::string>& argv, const std::vector<std::string>& environment, int out, int err) {
    for (const auto& entry : environment) {
        const auto equals = entry.find('=');
        ::setenv(entry.substr(0, equals).c_str(), entry.substr(equals + 1).c_str(), 1);
    }
    ::dup2(out, STDOUT_FILENO);
    ::dup2(err, STDERR_FILENO);
    const int null = ::open("/dev/null", O_RDONLY);
    ::dup2(null, STDIN_FILENO);
    std::vector<char*> words;
    for (auto& word : argv) words.push_back(word.data());
    words.push_back(nullptr);
    ::execvp(words[0], words.data());
    const std::string message = argv[0] + ": " + std::strerror(errno) + '\n';
    [[maybe_unused]] const auto ignored = ::write(STDERR_FILENO, message.data(), message.size());
    ::_exit(127);
}

void append_available(int& fd, std::string& text) {
    std::array<char, 4096> buffer;
    const auto got = ::read(fd, buffer.data(), buffer.size());
    if (got > 0) {
        text.append(buffer.data(), static_cast<std::size_t>(got));
    } else if (got == 0) {
        ::close(fd);
        fd = -1;
    }
}

}  // namespace

Program::Program(std::vector<std::string> argv, std::vector<std::string> environment) : name_(argv.at(0)) {
    std::array<int, 2> out{};
    std::array<int, 2> err{};
    if (::pipe2(out.data(), O_CLOEXEC) != 0 || ::pipe2(err.data(), O_CLOEXEC) != 0) throw std::runtime_error("no pipe");
    pid_ = ::fork();
    if (pid_ == 0) become(argv, environment, out[1], err[1]);
    ::close(out[1]);
    ::close(err[1]);
    out_ = out[0];
    err_ = err[0];
    if (pid_ < 0) throw std::runtime_error("cannot start " + name_);
}

Program::~Program() {
    if (!has_ended_) {
        ::kill(pid_, SIGKILL);
        wait();
    }
    if (out_ >= 0) ::close(out_);
    if (err_ >= 0) ::close(err_);
}

bool Program::pump(Seconds most) {
    std::array<pollfd, 2> fds{pollfd{out_, POLLIN, 0}, pollfd{err_, POLLIN, 0}};  // negative ones are passed over
    if (out_ < 0 && err_ < 0) return false;
    const auto ms = std::chrono::duration_cast<std::chrono::milliseconds>(most).count();
    if (::poll(fds.data(), fds.size(), static_cast<int>(std::max<std::int64_t>(0, ms))) <= 0) return false;
    if (fds[0].revents != 0) append_available(out_, output_);
    if (fds[1].revents != 0) append_available(err_, errors_);
    return true;
}

std::string Program::poll_line(std::string_view prefix, Seconds most) {
    const auto end = Clock::now() + most;
    for (;;) {
        while (true) {
            const auto newline = output_.find('\n', read_up_to_);
            if (newline == std::string::npos) break;
            const auto line = output_.substr(read_up_to_, newline - read_up_to_);
            read_up_to_ = newline + 1;
            if (line.starts_with(prefix)) return line;
        }
        const Seconds left = end - Clock::now();
        if (left.count() <= 0 || out_ < 0) return {};
        pump(std::min(left, Seconds(0.2)));
    }
}

std::string Program::wait_for_line(std::string_view prefix, Seconds most) {
    auto line = poll_line(prefix, most);
    if (line.empty()) ADD_FAILURE() << name_ << " did not say \"" << prefix << "\". It said:\n" << output_ << errors_;
    return line;
}

void Program::signal(int number) const { ::kill(pid_, number); }

int Program::wait(Seconds most) {
    const auto end = Clock::now() + most;
    while (!has_ended_) {
        while (pump(Seconds(0))) {
        }
        int status = 0;
        if (::waitpid(pid_, &status, WNOHANG) == pid_) {
            has_ended_ = true;
            exit_code_ = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
            break;
        }
        if (Clock::now() > end) return -1;
        pump(Seconds(0.02));
        if (out_ < 0 && err_ < 0) pause_between_looks();
    }
    while (pump(Seconds(0))) {
    }
    return exit_code_;
}

int Program::stop(Seconds most) {
    if (!has_ended_) signal(SIGTERM);
    return wait(most);
}

RunResult run(std::vector<std::string> argv, std::vector<std::string> environment, Seconds most) {
    const std::string name = argv.at(0);
    Program program(std::move(argv), std::move(environment));
    const int code = program.wait(most);
    if (code == -1) ADD_FAILURE() << name << " did not end in time. It said:\n" << program.output() << program.errors();
    return {code, program.output(), program.errors()};
}

int free_port() {
    const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    if (::bind(fd, reinterpret_cast<sockaddr*>(&address), size) != 0
        || ::getsockname(fd, reinterpret_cast<sockaddr*>(&address), &size) != 0)
        throw std::runtime_error("no free port");
    ::close(fd);
    return ntohs(address.sin_port);
}

void pause_between_looks() { std::this_thread::sleep_for(std::chrono::milliseconds(20)); }

}  // namespace penstock::testing
