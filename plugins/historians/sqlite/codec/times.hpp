#pragma once

// Times of a run, ns, in any order. Machines sample at a pace and jitter about it, so what is kept is how far each time lies from the
// straight line between the first and the last.
//
//   zigzag (first - base) / unit      base and unit: see EncodeContext; an unit of 1 for chunks
//   nothing more for one row; else:
//   u8 exponent | (has mantissa) << 4, [varint mantissa]     the quantum: mantissa * 10^exponent ns; all differences are multiples
//   regular and chord: zigzag of (last - first) / quantum
//   chord:  blocks of quanta off the chord, of all but the first
//   deltas: blocks of quanta since the one before
// Regular: all lie on the chord, rounded. Row i's place on it is (i * slope + 2^19) >> 20 with slope = floor(span * 2^20 / (rows - 1)).

#include <cstdint>
#include <span>

#include "bit_pack.hpp"

namespace penstock::sqlite {

enum class TimeMode : unsigned { regular = 0, chord = 1, deltas = 2 };

struct TimeFrame {
    std::int64_t base = 0;
    std::int64_t unit = 1;  // divides (first - base)
};

// 1 to kMostRows rows. The mode goes into the run's flags (rows.hpp).
[[nodiscard]] TimeMode encode_times(std::span<const std::int64_t> times, const TimeFrame& frame, ByteWriter& out);
void decode_times(ByteReader& in, TimeMode mode, const TimeFrame& frame, std::size_t count, std::int64_t* into) noexcept;

}  // namespace penstock::sqlite
