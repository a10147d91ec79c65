#pragma once

// Numbers of equal width side by side, the first in the lowest bits: ceil(count * width / 8) bytes. Below everything that varies a
// little: residuals of times, differences of values.

#include <cstddef>
#include <cstdint>
#include <span>

#include "bytes.hpp"

namespace penstock::sqlite {

inline constexpr std::size_t kMostRows = 1024;  // of a chunk: a trend of few columns then decodes little that it does not draw
inline constexpr std::size_t kBlockRows = 128;  // share one minimum and one width
// Buffers that are unpacked into have room for so many more: eight numbers are unpacked at once.
inline constexpr std::size_t kSlack = 8;

// The lowest `width` (0 to 64) bits of each.
void pack_bits(std::span<const std::uint64_t> values, unsigned width, ByteWriter& out);
// `least` is added to each. `into` has room for count + kSlack.
void unpack_bits(ByteReader& in, std::size_t count, unsigned width, std::uint64_t least, std::uint64_t* into) noexcept;

// Signed numbers in blocks of kBlockRows, each block as its minimum and the rest above it:
//   u8 width | zigzag minimum | packed
void pack_blocks(std::span<const std::int64_t> values, ByteWriter& out);
[[nodiscard]] std::size_t packed_blocks_size(std::span<const std::int64_t> values) noexcept;
// `into` has room for count + kSlack.
void unpack_blocks(ByteReader& in, std::size_t count, std::int64_t* into) noexcept;

}  // namespace penstock::sqlite
