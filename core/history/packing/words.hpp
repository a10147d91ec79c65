#pragma once

// The words of a block, packed in one of several ways; a byte in front says which. Private to core/history.

#include "core/history/packing/columns.hpp"

namespace penstock::history::packing {

// The numbers are stored.
enum class WordWay : std::uint8_t {
    short_words = 0,  // any number of runs: a nibble a word says which bytes follow, of its XOR with the one before in its run
    raw = 1,  // the others: one run
    delta = 2,  // differences as whole numbers
    exclusive = 3,  // XOR with the one before, less common zero bits at the end
    decimal = 4,  // doubles that are k / 10^e
    scaled = 5,  // doubles that are offset + k * step
};

struct ScaleHint {
    double step = 0, offset = 0;  // step 0 = none
};

[[nodiscard]] constexpr std::size_t most_word_bytes(std::size_t rows) noexcept { return most_packed_bytes(rows) + 32; }

// Of one run. `scratch` has room for `rows` numbers.
[[nodiscard]] std::uint8_t* pack_run_words(const std::uint64_t* words, std::size_t rows, ScaleHint hint, std::uint64_t* scratch,
                                           std::uint8_t* out) noexcept;
// Of several: `lengths` of the runs.
[[nodiscard]] std::uint8_t* pack_short_words(const std::uint64_t* words, const std::uint64_t* lengths, std::size_t runs,
                                             std::uint8_t* out) noexcept;

// Both. Writes `rows` words, the sum of the lengths, and up to 7 behind them. False if they are not there.
[[nodiscard]] bool unpack_words(Cursor& from, const std::uint64_t* lengths, std::size_t runs, std::size_t rows,
                                std::uint64_t* words) noexcept;

}  // namespace penstock::history::packing
