#pragma once

// The server's data folder: its identity and everything that must survive a restart. One server at a time has it.
//
//     lock          held while a server runs
//     server.json   {"format": 1, "server_id": "...", "epoch": 1}
//     tags.ids      which id belongs to which tag (core/tags/tag_ids.hpp)
//     penstock.sock the local socket
//     penstock-plugins-*/  private copies of loaded plugins, removed at exit

#include <cstdint>
#include <filesystem>
#include <string>

#include <sys/types.h>

#include <penstock/result.hpp>

namespace penstock::server {

class DataFolder {
public:
    // Makes the folder (mode 0700) if there is none, checks who may write to it, locks it, and reads or makes the identity.
    // Errors: denied (writable by others, not ours: names the file and the mode it needs), unavailable (another server runs on
    // it), invalid_config (server.json is damaged or of another format). [worker]
    [[nodiscard]] static Result<DataFolder> open(const std::filesystem::path& path);

    DataFolder(DataFolder&& other) noexcept;
    DataFolder& operator=(DataFolder&& other) noexcept;
    ~DataFolder();  // unlocks

    [[nodiscard]] const std::filesystem::path& path() const noexcept { return path_; }
    [[nodiscard]] const std::string& server_id() const noexcept { return server_id_; }
    [[nodiscard]] std::uint64_t epoch() const noexcept { return epoch_; }
    [[nodiscard]] uid_t owner() const noexcept { return owner_; }

private:
    DataFolder() = default;
    Result<void> prepare();
    Result<void> lock();
    Result<void> read_identity();
    Result<void> make_identity();

    std::filesystem::path path_;
    std::string server_id_;
    std::uint64_t epoch_ = 0;
    uid_t owner_ = 0;
    int lock_fd_ = -1;
};

}  // namespace penstock::server
