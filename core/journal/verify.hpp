#pragma once

// Checks every byte of a lane on disk: `penstock journal --verify`. The folder is only read, so the server may go on with it, if the
// check is told how far its lane is.

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include <penstock/result.hpp>

#include "core/base/file_system.hpp"
#include "core/journal/lane.hpp"
#include "core/journal/record.hpp"

namespace penstock::journal {

struct VerifyReport {
    LaneKind kind = LaneKind::events;
    std::string server_id;
    std::uint64_t segments = 0, records = 0, bytes = 0;
    Position first = 0, end = 0;
    Now first_time{}, last_time{};  // first_time: of the oldest record; zero where that was not read
    std::uint64_t lost = 0;  // records that damage took
    std::uint64_t unsynced_bytes = 0;  // at the end of the newest segment: being written, or torn by a crash
    std::vector<std::string> findings;  // sentences; empty: every record, digest and head is as it was written
};

struct VerifyProgress {
    std::uint64_t segments_done = 0, segments = 0;
    std::string segment;  // which one is next
};

struct VerifyOptions {
    // Of a lane that is being written, taken before: what lies behind it is left out. It changes while it is read, and half of a group
    // with the next one behind it looks like damage.
    LaneTail tail{};
    bool newest_only = false;  // of the older segments their heads and no record but the first: quick, for an overview
};

// Errors: not_found (no such folder, or no segment in it), those of the file system. Damage is no error: it is a finding. About
// 1 GB/s from memory. `on_progress` may be empty; false from it ends the work as cancelled. [worker]
[[nodiscard]] Result<VerifyReport> verify(base::FileSystem& files, const std::filesystem::path& folder,
                                          const std::function<bool(const VerifyProgress&)>& on_progress = {},
                                          const VerifyOptions& options = {});

}  // namespace penstock::journal
