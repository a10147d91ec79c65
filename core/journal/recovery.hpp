#pragma once

// What a lane does before it can go on: find the segments, check the newest to its end, cut what a crash tore.
//
// Torn or damaged? A record says how many of its group were before it; a group starts when all before it is synced. So damage that
// a later group stands behind was durable: its records are lost, the rest is kept, and the finding says so. Damage in what may be
// the last group is taken for a write that a crash interrupted, and cut: nobody was told that it is durable. A seal
// (segment_format.hpp) tells the two apart after a proper stop.

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <penstock/result.hpp>

#include "core/base/file_system.hpp"
#include "core/base/sha256.hpp"
#include "core/journal/lane.hpp"
#include "core/journal/segment_table.hpp"
#include "core/journal/segment_writer.hpp"

namespace penstock::journal {

struct Recovered {
    Recovery report;
    base::Digest chain{};  // of the last record
    base::Digest previous{};  // of the newest segment, if `active` cannot go on
    std::optional<SegmentWriter> active;  // none: the next record needs a new segment
};

// Fills `table`; `names` is what is in the folder. invalid_config: another server's, another format. [worker]
[[nodiscard]] Result<Recovered> recover(base::FileSystem& files, const LaneOptions& options,
                                        const std::vector<std::string>& names, SegmentTable& table);

}  // namespace penstock::journal
