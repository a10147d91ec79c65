#pragma once

// CRC-32C (Castagnoli; RFC 3720, appendix B.4): what guards every file of ours against bits that went over.

#include <cstdint>
#include <string_view>

namespace penstock::base {

// Of the bytes of an earlier call and these: crc32c(b, crc32c(a)) == crc32c(a + b). About 8 GB/s where the processor
// has an instruction for it, else 1.5.
[[nodiscard]] std::uint32_t crc32c(std::string_view bytes, std::uint32_t earlier = 0) noexcept;
// Without that instruction: for a test that compares the two.
[[nodiscard]] std::uint32_t crc32c_portable(std::string_view bytes, std::uint32_t earlier = 0) noexcept;

}  // namespace penstock::base
