#pragma once

// A column of whole numbers, packed: groups of 128, each with its least number and as many bits a number as the largest
// distance from it needs. Private to core/history.

#include "core/history/packing/bytes.hpp"

namespace penstock::history::packing {

inline constexpr std::size_t kGroup = 128;

// Of `count` numbers at most.
[[nodiscard]] constexpr std::size_t most_packed_bytes(std::size_t count) noexcept {
    return (count / kGroup + 1) * (11 + 7 * 8) + count * 8;
}

// Returns the end of what was written; up to kPadding bytes behind it are overwritten too. Numbers are differences modulo 2^64:
// the least is taken as a signed one.
[[nodiscard]] std::uint8_t* pack_column(const std::uint64_t* numbers, std::size_t count, std::uint8_t* out) noexcept;

// Writes `count` numbers, and up to 7 behind them. False (and the cursor's fault) if they are not there.
[[nodiscard]] bool unpack_column(Cursor& from, std::size_t count, std::uint64_t* numbers) noexcept;

}  // namespace penstock::history::packing
