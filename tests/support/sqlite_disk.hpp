#pragma once

// SQLite on a FileSystem of ours, so that a database meets the same power cuts and faults as the journal does (crash_disk.hpp,
// failing_file_system.hpp).
//
// While it lives it is SQLite's default file layer in this process. It does what the layer for Unix does: the folder is synced with the
// first sync of a new journal or log. What connections share (locks, the index of the log) lies in memory and is gone with it, as after
// a power cut. Connections opened on it must be closed before it goes.
//
//     RecordingFileSystem files;
//     { const SqliteDisk disk(files); sqlite3_open("/folder/a.db", ...); ... }

#include <memory>

#include "core/base/file_system.hpp"

namespace penstock::testing {

class SqliteDisk {
public:
    explicit SqliteDisk(base::FileSystem& files);
    ~SqliteDisk();
    SqliteDisk(const SqliteDisk&) = delete;

    struct State;

private:
    std::unique_ptr<State> state_;
};

}  // namespace penstock::testing
