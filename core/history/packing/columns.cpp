#include "core/history/packing/columns.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace penstock::history::packing {
namespace {

// Eight numbers of W bits are W bytes, so that every eight begin at a whole byte and all shifts are constants. A number that begins
// within a byte and has more than 57 bits would not fit into one load: wider ones have 64.
constexpr unsigned kMostBits = 57;

template <unsigned W>
void pack_eights(const std::uint64_t* numbers, std::size_t eights, std::uint64_t least, std::uint8_t* out) noexcept {
    for (; eights > 0; --eights, numbers += 8) {
        std::uint64_t word = 0;
        unsigned filled = 0;
        auto* at = out;
        for (unsigned i = 0; i < 8; ++i) {
            const auto number = numbers[i] - least;
            word |= number << filled;
            filled += W;
            if (filled < 64) continue;
            store(at, word);
            at += 8;
            filled -= 64;
            word = filled == 0 ? 0 : number >> (W - filled);
        }
        store(at, word);
        out += W;
    }
}

template <unsigned W>
void unpack_eights(const std::uint8_t* in, std::size_t eights, std::uint64_t least, std::uint64_t* numbers) noexcept {
    constexpr auto kMask = W == 64 ? ~std::uint64_t{0} : (std::uint64_t{1} << (W % 64)) - 1;
    for (; eights > 0; --eights, numbers += 8, in += W) {
        for (unsigned i = 0; i < 8; ++i) {
            numbers[i] = least + ((load<std::uint64_t>(in + i * W / 8) >> (i * W % 8)) & kMask);
        }
    }
}

using Pack = void (*)(const std::uint64_t*, std::size_t, std::uint64_t, std::uint8_t*) noexcept;
using Unpack = void (*)(const std::uint8_t*, std::size_t, std::uint64_t, std::uint64_t*) noexcept;

template <unsigned... W>
constexpr std::array<Pack, sizeof...(W)> packs(std::integer_sequence<unsigned, W...>) {
    return {pack_eights<W>...};
}
template <unsigned... W>
constexpr std::array<Unpack, sizeof...(W)> unpacks(std::integer_sequence<unsigned, W...>) {
    return {unpack_eights<W>...};
}
using Widths = std::make_integer_sequence<unsigned, kMostBits + 1>;
constexpr auto kPack = packs(Widths());
constexpr auto kUnpack = unpacks(Widths());

[[nodiscard]] std::uint8_t* pack_group(const std::uint64_t* numbers, std::size_t count, std::uint8_t* out) noexcept {
    auto least = static_cast<std::int64_t>(numbers[0]);
    auto most = least;
    for (std::size_t i = 1; i < count; ++i) {
        const auto number = static_cast<std::int64_t>(numbers[i]);
        least = number < least ? number : least;
        most = number > most ? number : most;
    }
    const auto base = static_cast<std::uint64_t>(least);
    auto width = static_cast<unsigned>(std::bit_width(static_cast<std::uint64_t>(most) - base));
    if (width > kMostBits) width = 64;
    out = put_varint(out, zigzag(least));
    *out++ = static_cast<std::uint8_t>(width);
    if (width == 0) return out;

    const auto pack = width == 64 ? pack_eights<64> : kPack[width];
    const auto whole = count / 8;
    pack(numbers, whole, base, out);
    out += whole * width;
    if (count % 8 == 0) return out;
    std::array<std::uint64_t, 8> rest;
    rest.fill(base);
    std::copy_n(numbers + whole * 8, count % 8, rest.data());
    pack(rest.data(), 1, base, out);
    return out + width;
}

[[nodiscard]] bool unpack_group(Cursor& from, std::size_t count, std::uint64_t* numbers) noexcept {
    const auto least = static_cast<std::uint64_t>(unzigzag(from.varint()));
    const unsigned width = from.byte();
    if (width > kMostBits && width != 64) from.ok = false;
    if (!from.ok) return false;
    if (width == 0) {
        std::fill_n(numbers, count, least);
        return true;
    }
    const auto eights = (count + 7) / 8;
    const auto* packed = from.take(eights * width);
    if (packed == nullptr) return false;
    (width == 64 ? unpack_eights<64> : kUnpack[width])(packed, eights, least, numbers);
    return true;
}

}  // namespace

std::uint8_t* pack_column(const std::uint64_t* numbers, std::size_t count, std::uint8_t* out) noexcept {
    for (std::size_t done = 0; done < count; done += kGroup) {
        out = pack_group(numbers + done, std::min(kGroup, count - done), out);
    }
    return out;
}

bool unpack_column(Cursor& from, std::size_t count, std::uint64_t* numbers) noexcept {
    for (std::size_t done = 0; done < count; done += kGroup) {
        if (!unpack_group(from, std::min(kGroup, count - done), numbers + done)) return false;
    }
    return true;
}

}  // namespace penstock::history::packing
