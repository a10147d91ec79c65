#pragma once

// Strings and arrays (as they lie in a blob: penstock/value.hpp): each different one once, and which it is for each row.
//
//   varint different; of each: varint length; their bytes one after the other; column of places (integers.hpp)
// Decoded words point into the encoded bytes: nothing is copied.

#include <cstdint>
#include <span>
#include <string_view>

#include "bit_pack.hpp"

namespace penstock::sqlite {

void encode_texts(std::span<const std::uint64_t> words, std::string_view blob, ByteWriter& out);
// Words: offset << 32 | length, the offset from the reader's first byte.
void decode_texts(ByteReader& in, std::size_t count, std::int64_t* into) noexcept;

}  // namespace penstock::sqlite
