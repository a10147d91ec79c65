#pragma once

#include <cstddef>
#include <span>
#include <vector>

namespace penstock::wire {

// Encoded bytes. Reused between messages: clear() keeps the memory.
using Buffer = std::vector<std::byte>;
using Bytes = std::span<const std::byte>;

// Everything that a length from outside is measured against. Documented in docs/protocol.md.
inline constexpr std::size_t kMaxFrameBytes = 1024 * 1024;        // as the SDK's transport.hpp says
inline constexpr std::size_t kMaxMessageBytes = 8 * 1024 * 1024;  // a message in several frames
inline constexpr std::size_t kMaxElements = 131'072;              // list elements in one message, all lists together
inline constexpr std::size_t kMaxDepth = 16;                      // structures within structures
inline constexpr std::size_t kMaxCauseBytes = 1'000;              // a cause in an update; longer ones are cut

}  // namespace penstock::wire
