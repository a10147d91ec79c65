#pragma once

// A disk in memory that remembers every write, sync and rename, so that a test can ask what a power cut at any of them would have
// left (crash_disk.hpp). It behaves as a healthy disk does; for faults put a FailingFileSystem before it (failing_file_system.hpp).
// A capacity makes it a small disk: allocate() and writes beyond it answer unavailable, as ENOSPC does.
//
//     RecordingFileSystem disk;
//     { auto lane = journal::Lane::open(disk, options); ... }
//     CrashDisk cut(disk.take_log());
//     while (cut.step()) { auto image = cut.image(...); auto lane = journal::Lane::open(*image, options); ... }

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <vector>

#include "core/base/file_system.hpp"

namespace penstock::testing {

// One call that changed something.
struct FileOperation {
    enum class Kind : std::uint8_t {
        create,  // name
        write,  // file, offset, bytes
        allocate,  // file, offset = size
        truncate,  // file, offset = size
        sync,  // file
        failed_sync,  // file: what was not synced is lost, whatever later syncs say
        rename,  // name -> to
        remove,  // name
        make_folder,  // name
        sync_folder,  // name
    };
    Kind kind = Kind::write;
    std::uint64_t file = 0;  // a number per create(), as a name may mean several files one after another
    std::uint64_t offset = 0;
    std::vector<std::byte> bytes;
    std::string name, to;
};

using Contents = std::vector<std::byte>;

// [any-thread]
class RecordingFileSystem final : public base::FileSystem {
public:
    RecordingFileSystem() = default;
    // With files that are there already and durable: what a crash left.
    RecordingFileSystem(std::map<std::string, Contents> files, std::set<std::string> folders);

    Result<std::unique_ptr<base::File>> open(const std::filesystem::path& path, base::OpenMode mode) override;
    Result<std::vector<std::string>> list(const std::filesystem::path& folder) override;
    Result<void> make_folder(const std::filesystem::path& folder) override;
    Result<void> rename(const std::filesystem::path& from, const std::filesystem::path& to) override;
    Result<void> remove(const std::filesystem::path& path) override;
    Result<void> sync_folder(const std::filesystem::path& folder) override;
    Result<std::uint64_t> free_bytes(const std::filesystem::path& folder) override;

    // A disk of this size from now on; files that are there may be beyond it.
    void set_capacity(std::uint64_t bytes);
    void set_recording(bool on);
    // How many operations were recorded so far: a test notes it with what was acknowledged then.
    [[nodiscard]] std::size_t operations() const;
    [[nodiscard]] std::vector<FileOperation> take_log();

    // The files as a program sees them, to be looked at or damaged.
    [[nodiscard]] std::map<std::string, Contents> files() const;
    void set_file(const std::string& path, Contents contents);
    // The number that the log calls a file by; 0 if there is none.
    [[nodiscard]] std::uint64_t number_of(const std::string& path) const;

    class OpenFile;

private:
    struct Node;

    void record(FileOperation operation);  // mutex_ held
    [[nodiscard]] bool has_room_for(std::uint64_t more) const;

    mutable std::mutex mutex_;  // guards all below
    std::map<std::string, std::shared_ptr<Node>> nodes_;
    std::set<std::string> folders_;
    std::vector<FileOperation> log_;
    bool recording_ = true;
    std::uint64_t next_number_ = 1;
    std::uint64_t capacity_ = ~std::uint64_t{0};
    std::uint64_t used_ = 0;
};

// What a failed sync does to a file of a RecordingFileSystem: Linux drops the pages and calls them clean, so that the next sync
// succeeds without them. Of other files: nothing.
void lose_unsynced(base::File& file);

}  // namespace penstock::testing
