#pragma once

// The one thin layer under everything that must survive a power cut: journal, snapshots, the site store. Nothing above it calls
// the kernel, so a test can put a recording or failing twin in its place (tests/support/recording_file_system.hpp) and open every
// state that a disk could be left in.
//
// What a power cut keeps: the bytes of a file up to its last successful sync(), and names (create, rename, remove) up to the last
// successful sync_folder() of their folder. Nothing else is promised, in any order.
//
// Errors, of every function: not_found (no such file), unavailable and retryable (no room on the disk), denied, internal (the disk
// failed; the sentence holds the system's words). `where` names the file. All [worker]: they block.

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include <penstock/result.hpp>

namespace penstock::base {

// One open file; closing is destruction. One thread at a time, but read() from several.
class File {
public:
    virtual ~File() = default;
    // All bytes or an error; after an error any part of them may have been written.
    [[nodiscard]] virtual Result<void> write(std::uint64_t offset, std::span<const std::byte> bytes) = 0;
    // How many bytes were read: fewer than asked only at the end of the file.
    [[nodiscard]] virtual Result<std::size_t> read(std::uint64_t offset, std::span<std::byte> into) const = 0;
    // Returns when contents and size are on the disk. After a failure nobody knows what is: a second try may report success
    // without having written anything, so the caller must go on in a new file.
    [[nodiscard]] virtual Result<void> sync() = 0;
    // Reserves room, so that later writes below `size` do not fail for want of it. The new bytes read as zero.
    [[nodiscard]] virtual Result<void> allocate(std::uint64_t size) = 0;
    [[nodiscard]] virtual Result<void> truncate(std::uint64_t size) = 0;
    [[nodiscard]] virtual Result<std::uint64_t> size() const = 0;
};

enum class OpenMode : std::uint8_t {
    read,  // not_found if there is none
    read_write,  // not_found if there is none
    create,  // for reading and writing, mode 0600; denied if there is one already
};

class FileSystem {
public:
    virtual ~FileSystem() = default;
    [[nodiscard]] virtual Result<std::unique_ptr<File>> open(const std::filesystem::path& path, OpenMode mode) = 0;
    // Names (not paths) in a folder, sorted; of files and folders.
    [[nodiscard]] virtual Result<std::vector<std::string>> list(const std::filesystem::path& folder) = 0;
    // Mode 0700, parents too. Fine if there is one.
    [[nodiscard]] virtual Result<void> make_folder(const std::filesystem::path& folder) = 0;
    // Replaces what is there.
    [[nodiscard]] virtual Result<void> rename(const std::filesystem::path& from, const std::filesystem::path& to) = 0;
    [[nodiscard]] virtual Result<void> remove(const std::filesystem::path& path) = 0;
    [[nodiscard]] virtual Result<void> sync_folder(const std::filesystem::path& folder) = 0;
    // Bytes that we may still write on that disk.
    [[nodiscard]] virtual Result<std::uint64_t> free_bytes(const std::filesystem::path& folder) = 0;
};

// The machine's own. Lives as long as the program. [any-thread]
[[nodiscard]] FileSystem& real_file_system() noexcept;

// Writes a whole small file so that after a power cut the old or the new one is there, never a part: a temporary name beside it,
// sync, rename, sync of the folder.
[[nodiscard]] Result<void> replace_file(FileSystem& files, const std::filesystem::path& path, std::span<const std::byte> bytes);
// The whole file. invalid_config if it is longer than `most`.
[[nodiscard]] Result<std::vector<std::byte>> read_file(FileSystem& files, const std::filesystem::path& path,
                                                       std::uint64_t most);

}  // namespace penstock::base
