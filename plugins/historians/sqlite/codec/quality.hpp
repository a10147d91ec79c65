#pragma once

// Qualities and causes of a run.
//
//   all_good: nothing
//   same:     code, cause of all rows, varints; the cause as in status words: 0 = none, n = the context's text n - 1
//   runs:     varint kinds; code, cause of each; then varint (length - 1) * kinds + kind, until all rows are told

#include <cstdint>
#include <span>

#include <penstock/quality.hpp>

#include "bit_pack.hpp"

namespace penstock::sqlite {

enum class QualityMode : unsigned { all_good = 0, same = 1, runs = 2 };

[[nodiscard]] QualityMode encode_quality(std::span<const StatusWord> status, ByteWriter& out);
[[nodiscard]] inline bool has_value(StatusWord status) noexcept { return !is_bad(status_quality(status)); }
// How many rows have a value. Status words whose cause is beyond `causes` are refused.
std::size_t decode_quality(ByteReader& in, QualityMode mode, std::size_t causes, std::size_t count, StatusWord* into) noexcept;

}  // namespace penstock::sqlite
