#pragma once

// A copy of archive.db, made in pieces through the writer's own connection: what that stores meanwhile goes into the copy too, so a
// copy is never begun again, and at its end it is one state with its position.

#include <filesystem>

#include <penstock/time.hpp>

#include "database.hpp"

struct sqlite3_backup;

namespace penstock::sqlite {

class Backup {
public:
    Backup(Database& from, const std::filesystem::path& folder);
    ~Backup();
    Backup(const Backup&) = delete;
    [[nodiscard]] const std::filesystem::path& folder() const noexcept { return folder_; }
    // Copies for about `budget`; true if there is more. Throws LinkError, or Damaged where the original is.
    bool step(Duration budget);

private:
    std::filesystem::path folder_;
    Database to_;
    sqlite3_backup* handle_;
};

}  // namespace penstock::sqlite
