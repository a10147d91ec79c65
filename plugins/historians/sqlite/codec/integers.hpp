#pragma once

// A column of 64-bit integers. Everything that has a value becomes one: integers, bools, the whole multiples behind decimal doubles,
// the bits of doubles that are none, places in a dictionary.
//
//   u8 shape:  bits 0-1  0 constant: all equal the first
//                        1 plain:    differences from the first
//                        2 deltas:   differences from the one before
//                        3 xor:      bits that differ from the one before
//              bit 2     runs: equal neighbours are one; their lengths follow the divisor as a column of their own
//              bit 3     divisor: all differences are multiples of it (xor: it is a power of two, and they are shifted by it)
//   zigzag first
//   varint divisor            (bit 3)
//   varint runs, column of lengths - 1   (bit 2)
//   blocks (bit_pack.hpp) of all but the first
//
// All arithmetic wraps, so every column of words is held without loss.

#include <cstdint>
#include <span>

#include "bit_pack.hpp"

namespace penstock::sqlite {

enum class Meaning : std::uint8_t { numbers, bits };  // xor is tried for bits alone

// 1 to kMostRows values.
void encode_integers(std::span<const std::int64_t> values, ByteWriter& out, Meaning meaning = Meaning::numbers);
// `into` has room for count + kSlack; count is 1 to kMostRows.
void decode_integers(ByteReader& in, std::size_t count, std::int64_t* into) noexcept;

}  // namespace penstock::sqlite
