#pragma once

// To sort texts in byte order without looking at most of them.

#include <algorithm>
#include <bit>
#include <cstdint>
#include <cstring>
#include <string_view>

namespace penstock::base {

// The first eight bytes as a number, the first one highest; a shorter text is filled up with zeros. Where two differ, they compare
// as the texts do.
[[nodiscard]] inline std::uint64_t first_eight(std::string_view text) noexcept {
    std::uint64_t head = 0;
    std::memcpy(&head, text.data(), std::min(sizeof(head), text.size()));
    if constexpr (std::endian::native == std::endian::little) head = __builtin_bswap64(head);
    return head;
}

}  // namespace penstock::base
