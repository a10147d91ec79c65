#pragma once

// Rows straight from the pages of a file, where SQLite does not find them any more because an inner page of their tree is spoilt.

#include <cstdint>
#include <filesystem>
#include <functional>
#include <span>
#include <string_view>

namespace penstock::sqlite {

struct RawColumn {
    std::uint64_t kind = 0;  // the serial type
    std::string_view bytes;
    [[nodiscard]] bool is_blob() const noexcept { return kind >= 12 && kind % 2 == 0; }
    [[nodiscard]] std::int64_t integer() const noexcept;  // 0 for what is none
};

enum class RawTree : std::uint8_t { table, without_rowid };

// Looks at all pages whose seals fit and that are in use ("Database File Format" 1.5, 1.6 and 2) for rows with so many columns; `id` is 0 in
// a table without. Where the list of free pages is spoilt too they are among them, so whoever takes a row checks what it is and whether
// it is still wanted.
void find_raw_rows(const std::filesystem::path& file, RawTree tree, std::size_t columns,
                   const std::function<void(std::int64_t id, std::span<const RawColumn> row)>& take);

}  // namespace penstock::sqlite
