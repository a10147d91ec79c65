#pragma once

// One consistent copy of a running server's data (core/history/backup_file.hpp): identity, tag ids, newest snapshots, both lanes of
// the journal, every historian that offers copies. Nothing is paused for it.

#include <filesystem>
#include <stop_token>
#include <string>

#include <penstock/operations.hpp>
#include <penstock/result.hpp>

namespace penstock::server {

class DataFolder;
class PlantArchive;
class PlantJournal;

class PlantBackup {
public:
    // All outlive it.
    PlantBackup(const DataFolder& data, PlantJournal& journal, PlantArchive& archive)
        : data_(data), journal_(journal), archive_(archive) {}

    // Holds everything that was durable when this was called. Errors of write_backup(), of a historian that does not give its copy;
    // unavailable where the copies do not fit beside the data; cancelled. One at a time. [worker]
    [[nodiscard]] Result<BackupReply> make(const BackupRequest& request, const std::string& user, const std::stop_token& stop);

private:
    [[nodiscard]] Result<BackupReply> make_in(const std::filesystem::path& held, const std::string& file,
                                              const std::stop_token& stop);
    [[nodiscard]] Result<void> hold_lanes(const std::filesystem::path& held) const;
    [[nodiscard]] Result<void> check_room() const;
    [[nodiscard]] Result<void> copy_historians(const std::filesystem::path& held, const std::stop_token& stop);

    const DataFolder& data_;
    PlantJournal& journal_;
    PlantArchive& archive_;
};

}  // namespace penstock::server
