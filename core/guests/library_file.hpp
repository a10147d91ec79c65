#pragma once

// A plugin's file, read once: what is judged and what is loaded are the same bytes, whatever happens to the file.

#include <cstddef>
#include <filesystem>
#include <vector>

#include <penstock/result.hpp>

namespace penstock::guests {

inline constexpr std::size_t kMaxLibraryBytes = 512UL * 1024 * 1024;

// Error not_found or denied: cannot be opened; invalid_config: no regular file, or larger than kMaxLibraryBytes. The
// sentence does not name the path. [worker]
[[nodiscard]] Result<std::vector<std::byte>> read_library_file(const std::filesystem::path& path);

}  // namespace penstock::guests
