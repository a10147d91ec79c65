#pragma once

// A backup: one tar file (POSIX ustar, so that `tar tf` lists it) with the files of a server's data and, last, manifest.json with
// their sizes and SHA-256. Behind the archive stands a block with the SHA-256 of all before it: a backup of which one byte is wrong,
// or missing, is refused as a whole.

#include <cstdint>
#include <filesystem>
#include <stop_token>
#include <string>
#include <vector>

#include <penstock/result.hpp>
#include <penstock/time.hpp>

#include "core/base/file_system.hpp"

namespace penstock::history {

// What the manifest says of the whole.
struct BackupHead {
    std::string server_id;
    std::uint64_t epoch = 0;
    UtcTime until;  // holds everything that was durable then
    std::uint64_t events = 0, values = 0;  // positions of the lanes at that time
};

struct BackupEntry {
    std::string name;  // in the data folder: "journal/values/00000000000000000000.seg"
    std::filesystem::path source;  // its size is read when its turn comes; what is appended later is left out
    // These bytes are zero in the backup, whatever the source holds: it is being written there, and a piece of it read before and the
    // next one after a write would look like damage.
    std::uint64_t blank_from = 0, blank_to = 0;
};

// Whether a backup could be written there, before anything is done for it. invalid_argument (not absolute), denied (the file is there
// already; the folder cannot be written), not_found (no such folder). [worker]
[[nodiscard]] Result<void> check_target(base::FileSystem& files, const std::filesystem::path& file);
// Writes `file`.part, syncs, renames. What it holds is read in the order given. Returns its size. Errors: those of check_target(),
// unavailable (no room, checked before a byte is written), those of the file system, cancelled. A failure leaves nothing behind.
// [worker]
[[nodiscard]] Result<std::uint64_t> write_backup(base::FileSystem& files, const std::filesystem::path& file,
                                                 const BackupHead& head, const std::vector<BackupEntry>& entries,
                                                 const std::stop_token& stop = {});

// Reads all of it and checks every byte. invalid_config: damaged, no backup, or of another format; the sentence says what is wrong.
[[nodiscard]] Result<BackupHead> verify_backup(base::FileSystem& files, const std::filesystem::path& file);

// Verifies, unpacks into a folder beside `data`, compares with the manifest, syncs, and renames it to `data`, which must be missing or
// empty (denied). After a failure `data` is as it was. [worker]
[[nodiscard]] Result<BackupHead> restore_backup(base::FileSystem& files, const std::filesystem::path& file,
                                                const std::filesystem::path& data);

}  // namespace penstock::history
