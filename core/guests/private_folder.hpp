#pragma once

// Private copies of libraries: named files (so that debuggers and sanitizers can show them) in a folder that nobody else
// may look into, removed with the owner. Folders of processes that were killed are removed by the next one.

#include <cstddef>
#include <filesystem>
#include <span>
#include <string_view>

#include <penstock/result.hpp>

#include "core/guests/file_handle.hpp"

namespace penstock::guests {

class PrivateFolder {
public:
    // A fresh folder, mode 0700, below `parent` (which is made, 0700, if it does not exist; empty: the system's folder for
    // temporary files). Error: a sentence with the path. [worker]
    [[nodiscard]] static Result<PrivateFolder> create(const std::filesystem::path& parent);

    PrivateFolder(PrivateFolder&&) noexcept = default;
    PrivateFolder& operator=(PrivateFolder&&) = delete;
    ~PrivateFolder();

    [[nodiscard]] const std::filesystem::path& path() const noexcept { return path_; }

    // Writes a new file, mode 0600, and returns its path. `name` is a plain file name; the file must not exist. [worker]
    [[nodiscard]] Result<std::filesystem::path> write(std::string_view name, std::span<const std::byte> bytes) const;

private:
    PrivateFolder(std::filesystem::path path, FileHandle lock) : path_(std::move(path)), lock_(std::move(lock)) {}
    std::filesystem::path path_;
    FileHandle lock_;  // held as long as the folder is in use
};

}  // namespace penstock::guests
