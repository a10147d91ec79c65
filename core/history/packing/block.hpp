#pragma once

// One block of a values record: the runs of some neighbouring tags. Private to core/history.

#include <span>

#include <penstock/historian.hpp>
#include <penstock/quality.hpp>

#include "core/history/packing/words.hpp"

namespace penstock::history::packing {

// Sorted rows; run.first counts from the first of them.
struct BlockRows {
    std::span<const SeriesRun> runs;
    const std::int64_t* time;
    const StatusWord* status;
    const std::uint64_t* word;
    std::span<const std::uint8_t> is_blob;  // a run each
    ScaleHint hint;                         // of the only run, if it is the only one
};
struct BlockScratch {
    std::uint64_t* numbers;  // room for the block's rows
    std::uint64_t* lengths;  // and for its runs
};

[[nodiscard]] constexpr std::size_t most_block_bytes(std::size_t rows) noexcept {
    return 3 * most_packed_bytes(rows) + most_word_bytes(rows) + rows * 8 + 64;
}
[[nodiscard]] std::uint8_t* pack_block(const BlockRows& rows, BlockScratch scratch, std::uint8_t* out) noexcept;

// What a block must agree with.
struct BlockClaims {
    std::uint32_t first_tag, rows;
    std::uint32_t causes;
    std::uint64_t blob_bytes;
};
// Where the rows go: room for claims.rows + 7 in each column.
struct BlockTarget {
    SeriesRun* runs;  // room for claims.rows
    std::uint32_t first_row;
    std::int64_t* time;
    StatusWord* status;
    std::uint64_t* word;
    std::uint64_t* lengths;
};
// How many runs there are; 0 if the bytes do not make sense.
[[nodiscard]] std::uint32_t unpack_block(Cursor from, const BlockClaims& claims, const BlockTarget& into) noexcept;

}  // namespace penstock::history::packing
