#pragma once

// A site with many tags, and servers that run it, for benches of whole programs.

#include <cstdio>
#include <filesystem>
#include <string>

#include <sys/types.h>

namespace penstock::bench {

enum class LargeSiteDriver {
    modbus,      // at an address where nobody listens: what counts is the site, not the plant
    simulation,  // values flow
    archived_simulation,  // a hundred times a second, and each is kept
};

// A site in ten devices, the same tags as one JSON file, and the data folders of servers: gone at the end.
class LargeSite {
public:
    LargeSite(int tags, LargeSiteDriver driver);
    LargeSite(const LargeSite&) = delete;
    LargeSite& operator=(const LargeSite&) = delete;
    ~LargeSite();
    // For every fourth tag a group of four limits: as many alarms as there are tags, in ten files.
    void add_alarms();
    [[nodiscard]] std::filesystem::path site() const { return root_ / "site"; }
    [[nodiscard]] std::filesystem::path tags_as_json() const { return root_ / "tags.json"; }
    [[nodiscard]] std::filesystem::path new_data_folder() { return root_ / ("data" + std::to_string(++data_folders_)); }

private:
    std::filesystem::path root_;
    int tags_;
    int data_folders_ = 0;
};

// A server with its standard output in our hands; ended by its own pid, with SIGTERM unless it was killed before.
class ServerProcess {
public:
    ServerProcess(const std::filesystem::path& data, const std::filesystem::path& site);
    ServerProcess(const ServerProcess&) = delete;
    ServerProcess& operator=(const ServerProcess&) = delete;
    ~ServerProcess();

    void wait_until_ready();
    // As a power cut for it: SIGKILL. Returns when it is gone.
    void kill();
    [[nodiscard]] pid_t pid() const noexcept { return pid_; }

private:
    void end(int signal);

    pid_t pid_ = -1;
    std::FILE* output_ = nullptr;
};

}  // namespace penstock::bench
