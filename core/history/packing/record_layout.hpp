#pragma once

// The bytes of a values record (docs/decisions/0006-a-values-record.md). Private to core/history.

#include "core/history/packing/columns.hpp"

namespace penstock::history::packing {

// head, directory, causes, blob, blocks, kPadding zero bytes
inline constexpr std::uint8_t kRecordVersion = 1;

struct RecordHead {
    std::uint8_t version = kRecordVersion, reserved = 0;
    std::uint16_t causes = 0;
    std::uint32_t rows = 0, runs = 0, blocks = 0;
    std::int64_t first_time = 0, last_time = 0;
    std::uint32_t cause_bytes = 0, blob_bytes = 0;
};
static_assert(sizeof(RecordHead) == 40);

// In order of tag; a block ends where the next begins, and a run is never in two.
struct BlockEntry {
    std::uint32_t first_tag, rows;
    std::uint32_t end;  // counted from the first block's first byte
};
static_assert(sizeof(BlockEntry) == 12);

// A run of this length has a block of its own and columns of its own; shorter ones share blocks.
inline constexpr std::uint32_t kLongRun = 24;
inline constexpr std::uint32_t kSharedRows = 256;  // a shared block is closed once it has so many

// What times are counted in: the largest that divides all of a block.
inline constexpr std::int64_t kQuanta[] = {1, 100, 1'000, 1'000'000};

}  // namespace penstock::history::packing
