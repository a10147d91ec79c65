#pragma once

// A file layer (VFS) between SQLite and the system's own: pages of a database are sealed when they are written and looked at when they
// are read; one that does not fit is kBrokenSeal, which Statement makes Damaged. Logs go through as they are: SQLite has checksums in
// them.
//
// On the disk the header says of the file that a later SQLite wrote it (write version 3, "Database File Format" 1.3.3), which any plain
// `sqlite3` answers by opening it for reading only: it can look at everything, and cannot write pages whose seals then do not fit.
// This layer shows SQLite the version 2 that it is.

namespace penstock::sqlite {

// A kind of SQLITE_CORRUPT. An I/O error would end the transaction, and with it the snapshot of a reader that only passes it over.
inline constexpr int kBrokenSeal = 11 | (77 << 8);

// For sqlite3_open_v2(); registered at the first call. It stands on what is the default then and at each opening. [any-thread]
[[nodiscard]] const char* sealed_files();

}  // namespace penstock::sqlite
