#pragma once

// Little-endian loads and stores, variable-length integers. Private to core/history.

#include <bit>
#include <cstdint>
#include <cstring>

namespace penstock::history::packing {

static_assert(std::endian::native == std::endian::little);

// After every packed record: whoever unpacks loads 8 bytes at a time.
inline constexpr std::size_t kPadding = 8;

template <class T>
[[nodiscard]] inline T load(const std::uint8_t* at) noexcept {
    T value;
    std::memcpy(&value, at, sizeof value);
    return value;
}
template <class T>
inline void store(std::uint8_t* at, T value) noexcept {
    std::memcpy(at, &value, sizeof value);
}

[[nodiscard]] constexpr std::uint64_t zigzag(std::int64_t value) noexcept {
    return (static_cast<std::uint64_t>(value) << 1U) ^ static_cast<std::uint64_t>(value >> 63U);
}
[[nodiscard]] constexpr std::int64_t unzigzag(std::uint64_t value) noexcept {
    return static_cast<std::int64_t>((value >> 1U) ^ (0 - (value & 1U)));
}

// Returns where the next byte goes; 1 to 10 bytes.
[[nodiscard]] inline std::uint8_t* put_varint(std::uint8_t* at, std::uint64_t value) noexcept {
    while (value >= 0x80) {
        *at++ = static_cast<std::uint8_t>(value | 0x80U);
        value >>= 7U;
    }
    *at++ = static_cast<std::uint8_t>(value);
    return at;
}

// Bytes that nobody vouches for. The first fault sticks: then everything is 0, and take() null.
struct Cursor {
    const std::uint8_t* at;
    const std::uint8_t* end;  // kPadding readable bytes follow
    bool ok = true;

    [[nodiscard]] const std::uint8_t* take(std::size_t bytes) noexcept {
        if (bytes > static_cast<std::size_t>(end - at)) {
            ok = false;
            at = end;
            return nullptr;
        }
        const auto* begin = at;
        at += bytes;
        return begin;
    }
    [[nodiscard]] std::uint8_t byte() noexcept {
        const auto* one = take(1);
        return one == nullptr ? std::uint8_t{0} : *one;
    }
    [[nodiscard]] std::uint64_t varint() noexcept {
        std::uint64_t value = 0;
        for (unsigned shift = 0; shift < 64; shift += 7) {
            const auto next = byte();
            value |= std::uint64_t{next & 0x7FU} << shift;
            if (next < 0x80) return value;
        }
        ok = false;
        return 0;
    }
};

}  // namespace penstock::history::packing
