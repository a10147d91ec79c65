#pragma once

// Every page of archive.db ends with a seal: bytes that SQLite leaves alone (reserved bytes, "Database File Format" 1.3.4). So damage
// anywhere in the file is noticed when the page is read, also where SQLite itself has no means to: an inner page of a tree that points
// elsewhere would hide what lies below it, and nobody would know.
//
//   u32 CRC-32C of all before, mixed with the page's number | u32 kSealMark
//
// A page whose reserved bytes are all zero was put there by a plain `sqlite3` that copied a log of ours into the file (a checkpoint): it is
// believed as far as SQLite believes it, and sealed when it is written again.

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace penstock::sqlite {

inline constexpr std::size_t kPageBytes = 16384;
inline constexpr int kSealBytes = 8;
inline constexpr std::uint32_t kSealMark = 0x6C616553;  // "Seal"

// `page` has kPageBytes; numbers begin at 1.
void seal_page(char* page, std::uint32_t number) noexcept;
[[nodiscard]] bool is_page_whole(std::string_view page, std::uint32_t number) noexcept;

}  // namespace penstock::sqlite
