#pragma once

// Doubles as whole numbers, where they are some in disguise; tried in this order, and believed only where the way back gives the same
// bits:
//   scaled      k * step + offset, with the engine's own scaling
//   decimal     k / 10^exponent: what was typed, or divided, as decimals
//   multiplied  k * 10^-exponent
//   bits        the doubles' bits; floats widened to doubles lose their zeros here, and smooth signals what neighbours share
// A few values that do not fit (a NaN, -0.0, a substitute) do not spoil the rest: they are told one by one behind it.
//
//   scaled: varint place in the context's scales;  decimal, multiplied: u8 exponent
//   column of k (integers.hpp)
//   not for bits: varint exceptions; of each: varint rows since the one before, u64 bits
//
// Compiled without fused multiply-adds (as is everything here): one would change the last bit.

#include <cstdint>
#include <span>
#include <vector>

#include "bit_pack.hpp"

namespace penstock::sqlite {

enum class DoubleMode : unsigned { bits, scaled, decimal, multiplied };

// k * step + offset; a step of 0 is none.
struct Scale {
    double step = 0;
    double offset = 0;
    bool operator==(const Scale&) const = default;
};

// `hint` may be none; if it is used, it is added to `scales`.
[[nodiscard]] DoubleMode encode_doubles(std::span<const std::int64_t> words, const Scale& hint, std::vector<Scale>& scales,
                                        ByteWriter& out);
// `into` has room for count + kSlack, and holds the doubles' bits afterwards.
void decode_doubles(ByteReader& in, DoubleMode mode, std::span<const Scale> scales, std::size_t count,
                    std::int64_t* into) noexcept;

}  // namespace penstock::sqlite
