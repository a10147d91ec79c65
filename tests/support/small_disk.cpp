#include "tests/support/small_disk.hpp"

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <fstream>

#include <fcntl.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/wait.h>
#include <unistd.h>

#include <gtest/gtest.h>

#include "tests/support/temp_folder.hpp"

namespace penstock::testing {
namespace {

constexpr int kFailed = 1;
constexpr int kNotPossible = 77;

void write_file(const char* path, const std::string& text) { std::ofstream(path) << text; }

// The sentence says what is missing.
std::string enter_namespace(const std::string& path, std::uint64_t bytes) {
    const auto user = ::geteuid();
    const auto group = ::getegid();
    if (::unshare(CLONE_NEWUSER | CLONE_NEWNS) != 0) return std::string("no user namespace: ") + std::strerror(errno);
    write_file("/proc/self/setgroups", "deny");
    write_file("/proc/self/uid_map", "0 " + std::to_string(user) + " 1");
    write_file("/proc/self/gid_map", "0 " + std::to_string(group) + " 1");
    const auto size = "size=" + std::to_string(bytes);
    if (::mount("tmpfs", path.c_str(), "tmpfs", 0, size.c_str()) != 0) return std::string("no tmpfs: ") + std::strerror(errno);
    return {};
}

[[noreturn]] void run_child(int answer, const std::string& path, std::uint64_t bytes,
                            const std::function<void(const std::string& path)>& body) {
    if (const auto why_not = enter_namespace(path, bytes); !why_not.empty()) {
        (void)!::write(answer, why_not.data(), why_not.size());
        ::_exit(kNotPossible);
    }
    body(path);
    std::fflush(nullptr);
    ::_exit(::testing::Test::HasFailure() ? kFailed : 0);
}

}  // namespace

bool on_small_disk(std::uint64_t bytes, const std::function<void(const std::string& path)>& body, std::string& why_not) {
    const TempFolder folder;
    int answer[2];
    if (::pipe2(answer, O_CLOEXEC) != 0) throw std::runtime_error("pipe");
    std::fflush(nullptr);
    const auto child = ::fork();
    if (child == 0) {
        ::close(answer[0]);
        run_child(answer[1], folder.path().string(), bytes, body);
    }
    ::close(answer[1]);
    char buffer[256];
    for (auto got = ::read(answer[0], buffer, sizeof buffer); got > 0; got = ::read(answer[0], buffer, sizeof buffer))
        why_not.append(buffer, static_cast<std::size_t>(got));
    ::close(answer[0]);
    int status = 0;
    ::waitpid(child, &status, 0);
    return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

}  // namespace penstock::testing
