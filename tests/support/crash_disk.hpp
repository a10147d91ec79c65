#pragma once

// What a disk may hold after a power cut: steps through the log of a RecordingFileSystem and builds images of each moment.
//
// Promised are the bytes of a file up to its last sync and the names of a folder up to its last sync; of all later operations a disk
// may have kept any part, in any order: whole writes, or pieces of 512 bytes or 4 KiB of them.

#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "tests/support/recording_file_system.hpp"

namespace penstock::testing {

class CrashDisk {
public:
    enum class Kept : std::uint8_t {
        synced_only,  // nothing that was not promised
        all,  // the cut came just after everything was written
        some_writes,  // any subset of operations
        torn_512,  // any subset of their 512-byte pieces
        torn_4k,  // the same with 4-KiB pieces
    };

    explicit CrashDisk(std::vector<FileOperation> log) : log_(std::move(log)) {}
    // From a disk that held something before the log began: take start() then.
    struct Start {
        std::map<std::string, std::uint64_t> names;
        std::map<std::uint64_t, Contents> files;
        std::set<std::string> folders;
    };
    CrashDisk(const Start& start, std::vector<FileOperation> log);

    // Takes the next operation. False at the end.
    bool step();
    [[nodiscard]] std::size_t operations_done() const noexcept { return done_; }
    // A disk as it may be found if the power fails now; the same for the same seed. It records nothing.
    [[nodiscard]] std::unique_ptr<RecordingFileSystem> image(Kept kept, std::uint64_t seed) const;

private:
    struct File {
        Contents synced;
        std::vector<const FileOperation*> since;  // in order; not synced
    };
    void apply_names(std::map<std::string, std::uint64_t>& names, const FileOperation& operation) const;
    [[nodiscard]] Contents contents_of(const File& file, Kept kept, std::uint64_t& random) const;

    std::vector<FileOperation> log_;
    std::size_t done_ = 0;
    std::map<std::uint64_t, File> files_;
    std::map<std::string, std::uint64_t> synced_names_;
    std::vector<const FileOperation*> names_since_;
    std::set<std::string> folders_;  // folders are not what is tested: made durable at once
};

}  // namespace penstock::testing
