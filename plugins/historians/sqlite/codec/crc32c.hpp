#pragma once

#include <cstdint>
#include <string_view>

namespace penstock::sqlite {

// CRC-32C (Castagnoli; RFC 3720, appendix B.4). With the processor's own instruction where it has one.
[[nodiscard]] std::uint32_t crc32c(std::string_view bytes) noexcept;

}  // namespace penstock::sqlite
