// Just enough of Modbus TCP to see where a request ends and what it would write; libmodbus answers it.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>

#include "apps/plantsim/registers.hpp"

namespace penstock::plantsim {

inline constexpr std::size_t kLongestFrame = 260;

// How long the frame is whose first bytes are `head` (Modbus Messaging on TCP/IP V1.0b, 3.1.3): nothing while its header
// is incomplete, 0 if the header is no Modbus TCP header.
std::optional<std::size_t> frame_length(std::span<const std::uint8_t> head);

// What a complete frame would write; nothing for a request that only reads or that is malformed (libmodbus refuses those).
// `holding` answers the present value of a holding register, for the mask write.
std::optional<WriteRequest> write_request(std::span<const std::uint8_t> frame,
                                          const std::function<std::uint16_t(int address)>& holding);

}  // namespace penstock::plantsim
