#pragma once

#include <memory>

#include "core/journal/lane_reader.hpp"
#include "core/journal/segment_table.hpp"

namespace penstock::journal {

// The reader that Lane::reader() hands out.
[[nodiscard]] std::unique_ptr<LaneReader> make_lane_reader(std::shared_ptr<const SegmentTable> table, Position position);

}  // namespace penstock::journal
