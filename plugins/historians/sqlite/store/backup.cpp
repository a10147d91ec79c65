#include "backup.hpp"

#include <sqlite3.h>

#include <chrono>
#include <utility>

#include "schema.hpp"

namespace penstock::sqlite {
namespace {

constexpr int kPagesAtOnce = 4;

[[noreturn]] void fail_with(Database& database, const std::filesystem::path& folder) {
    throw LinkError(Error(ErrorCode::unavailable,
                          std::string("the archive cannot be copied: ") + sqlite3_errmsg(database.handle()),
                          (folder / kArchiveFile).string(), true));
}

}  // namespace

Backup::Backup(Database& from, const std::filesystem::path& folder)
    : folder_(folder),
      to_(folder / kArchiveFile, Access::create),
      handle_(sqlite3_backup_init(to_.handle(), "main", from.handle(), "main")) {
    if (handle_ == nullptr) fail_with(to_, folder_);
}

Backup::~Backup() { sqlite3_backup_finish(handle_); }

bool Backup::step(Duration budget) {
    const auto end = std::chrono::steady_clock::now() + budget;
    do {
        const int code = sqlite3_backup_step(handle_, kPagesAtOnce);
        if (code == SQLITE_OK) continue;
        if ((code & 0xFF) == SQLITE_CORRUPT) throw Damaged("the archive cannot be copied: a page of it is damaged");
        const bool is_done = code == SQLITE_DONE;
        const bool is_kept = sqlite3_backup_finish(std::exchange(handle_, nullptr)) == SQLITE_OK;
        if (!is_done || !is_kept) fail_with(to_, folder_);
        to_ = Database();
        return false;
    } while (std::chrono::steady_clock::now() < end);
    return true;
}

}  // namespace penstock::sqlite
