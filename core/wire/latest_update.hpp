#pragma once

// The body of an update of a latest stream: columns packed more tightly than the general codec would, 12 bytes for a typical
// double. docs/protocol.md, "Updates", has the layout.

#include <penstock/operations.hpp>

#include "core/wire/buffer.hpp"

namespace penstock::wire {

// Rows of one update: what a server puts into a frame at most, and what a client accepts.
inline constexpr std::size_t kMaxUpdateRows = 65'536;
// Causes travel once and are copied to their rows; all copies together may have this many bytes.
inline constexpr std::size_t kMaxExpandedCauseBytes = 8 * 1024 * 1024;

// Appends. Precondition: all columns have the same length, at most kMaxUpdateRows. Causes are cut at kMaxCauseBytes.
void encode_update(const LatestUpdate& update, Buffer& out);

// Into `update`, whose memory is reused. Error protocol. Does not know how many tags the stream has: the caller checks `index`.
[[nodiscard]] Result<void> decode_update(Bytes bytes, LatestUpdate& update);

}  // namespace penstock::wire
