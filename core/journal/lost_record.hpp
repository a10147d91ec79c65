#pragma once

// Body of a `lost` record: what a full buffer or a full disk took away just before it. Written by the lane itself.

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include <penstock/result.hpp>
#include <penstock/time.hpp>

namespace penstock::journal {

struct LostRecord {
    std::uint64_t records = 0, bytes = 0;  // refused; bytes of their bodies
    UtcTime first, last;                   // when the first and the last of them came
    std::string cause;                     // for people: "the disk is full ..."
};

[[nodiscard]] std::vector<std::byte> encode(const LostRecord& lost);
[[nodiscard]] Result<LostRecord> decode_lost_record(std::span<const std::byte> body);  // protocol

}  // namespace penstock::journal
