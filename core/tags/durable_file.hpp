#pragma once

// Whole files of the data folder: read at once, replaced so that a crash leaves the old or the new one.

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include <penstock/result.hpp>

namespace penstock::tags {

// All bytes; nullopt if there is no such file. Error internal: cannot be read, or larger than `most`.
[[nodiscard]] Result<std::optional<std::string>> read_file(const std::filesystem::path& file, std::size_t most);

// Writes a neighbour (mode 0600), syncs it, renames it over `file` and syncs the folder. Durable when it returns well;
// after a failure `file` is the old or the new one, and a failed sync is not tried again. Error internal.
[[nodiscard]] Result<void> replace_file(const std::filesystem::path& file, std::string_view bytes);

}  // namespace penstock::tags
