#pragma once

// One consistent copy of a running server's data (core/history/backup_file.hpp): identity, tag ids, newest snapshots, both lanes of
// the journal, every historian that offers copies. Nothing is paused for it.

#include <atomic>
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
    // invalid_argument for a path that is not absolute. One at a time. [worker]
    [[nodiscard]] Result<BackupReply> make(const BackupRequest& request, const std::string& user);

private:
    [[nodiscard]] Result<BackupReply> make_in(const std::string& scratch, const std::string& file);

    const DataFolder& data_;
    PlantJournal& journal_;
    PlantArchive& archive_;
};

}  // namespace penstock::server
