#pragma once

// The inner pages of the archive's trees: one of them spoilt takes away thousands of pages below it, which are whole. There is one for more
// than a hundred leaves, so they are looked at whenever the archive is opened.

#include <cstdint>
#include <filesystem>
#include <optional>

#include "database.hpp"

namespace penstock::sqlite {

// The number of a page that does not fit its seal: a root, or an inner page among the first `most`. Reads the file beside the log, so nobody
// may be writing.
[[nodiscard]] std::optional<std::uint32_t> find_broken_inner_page(const Database& database, const std::filesystem::path& file,
                                                                  std::size_t most = 2000);

}  // namespace penstock::sqlite
