#include "bit_pack.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <utility>

namespace penstock::sqlite {
namespace {

constexpr unsigned kWidestAtOnce = 56;  // a number that starts anywhere in a byte lies within the 8 bytes from there

std::uint64_t load(const char* at) noexcept {
    std::uint64_t word = 0;
    std::memcpy(&word, at, sizeof word);
    return word;
}

constexpr std::uint64_t mask_of(unsigned width) noexcept {
    return width == 64 ? ~std::uint64_t{0} : (std::uint64_t{1} << width) - 1;
}

// Eight numbers are `width` whole bytes, so all offsets and shifts of a group are constants.
template <unsigned kWidth>
void unpack_groups(const char* from, std::size_t groups, std::uint64_t least, std::uint64_t* into) noexcept {
    if constexpr (kWidth == 0) {
        std::fill_n(into, groups * 8, least);
    } else {
        for (std::size_t group = 0; group < groups; ++group, from += kWidth, into += 8) {
            [&]<std::size_t... kPlace>(std::index_sequence<kPlace...>) {
                ((into[kPlace] = (load(from + kPlace * kWidth / 8) >> (kPlace * kWidth % 8) & mask_of(kWidth)) + least), ...);
            }(std::make_index_sequence<8>());
        }
    }
}

void unpack_wide(const char* from, std::size_t count, unsigned width, std::uint64_t least, std::uint64_t* into) noexcept {
    for (std::size_t i = 0; i < count; ++i) {
        const auto bit = i * width;
        const auto low = load(from + bit / 8) >> (bit % 8);
        const auto high =
            bit % 8 == 0 ? 0 : static_cast<std::uint64_t>(static_cast<unsigned char>(from[bit / 8 + 8])) << (64 - bit % 8);
        into[i] = ((low | high) & mask_of(width)) + least;
    }
}

using Unpack = void (*)(const char*, std::size_t, std::uint64_t, std::uint64_t*) noexcept;
constexpr auto kUnpack = []<std::size_t... kWidth>(std::index_sequence<kWidth...>) {
    return std::array<Unpack, sizeof...(kWidth)>{&unpack_groups<kWidth>...};
}(std::make_index_sequence<kWidestAtOnce + 1>());

struct Range {
    std::int64_t minimum;
    unsigned width;
};

Range range_of(std::span<const std::int64_t> block) noexcept {
    auto minimum = block[0];
    auto maximum = block[0];
    for (const auto value : block) {
        minimum = std::min(minimum, value);
        maximum = std::max(maximum, value);
    }
    const auto span = static_cast<std::uint64_t>(maximum) - static_cast<std::uint64_t>(minimum);
    return {minimum, static_cast<unsigned>(std::bit_width(span))};
}

}  // namespace

void pack_bits(std::span<const std::uint64_t> values, unsigned width, ByteWriter& out) {
    if (width == 0) return;
    auto& bytes = out.out();
    const auto start = bytes.size();
    const auto size = (values.size() * width + 7) / 8;
    bytes.resize(start + size + 8);
    auto* at = bytes.data() + start;
    const auto mask = mask_of(width);
    std::uint64_t gathered = 0;
    unsigned filled = 0;
    for (const auto value : values) {
        const auto bits = value & mask;
        gathered |= bits << filled;
        filled += width;
        if (filled < 64) continue;
        std::memcpy(at, &gathered, sizeof gathered);
        at += sizeof gathered;
        filled -= 64;
        gathered = filled == 0 ? 0 : bits >> (width - filled);
    }
    std::memcpy(at, &gathered, sizeof gathered);
    bytes.resize(start + size);
}

void unpack_bits(ByteReader& in, std::size_t count, unsigned width, std::uint64_t least, std::uint64_t* into) noexcept {
    if (width > 64 || count > kMostRows) {
        in.fail();
        return;
    }
    const auto packed = in.take((count * width + 7) / 8);
    if (in.failed()) return;
    const auto* from = packed.data();
    // The last numbers are loaded with bytes behind them, so these must exist.
    std::array<char, kBlockRows * 8 + 72> copy;
    std::string large;
    if (width != 0 && in.left() < 72) {
        if (packed.size() + 72 > copy.size()) {
            large.assign(packed);
            large.resize(packed.size() + 72);
            from = large.data();
        } else {
            std::memcpy(copy.data(), packed.data(), packed.size());
            std::memset(copy.data() + packed.size(), 0, 72);
            from = copy.data();
        }
    }
    if (width > kWidestAtOnce)
        unpack_wide(from, count, width, least, into);
    else
        kUnpack[width](from, (count + 7) / 8, least, into);
}

void pack_blocks(std::span<const std::int64_t> values, ByteWriter& out) {
    std::array<std::uint64_t, kBlockRows> above;
    while (!values.empty()) {
        const auto block = values.first(std::min(values.size(), kBlockRows));
        const auto range = range_of(block);
        out.byte(range.width);
        out.signed_varint(range.minimum);
        for (std::size_t i = 0; i < block.size(); ++i)
            above[i] = static_cast<std::uint64_t>(block[i]) - static_cast<std::uint64_t>(range.minimum);
        pack_bits(std::span(above).first(block.size()), range.width, out);
        values = values.subspan(block.size());
    }
}

std::size_t packed_blocks_size(std::span<const std::int64_t> values) noexcept {
    std::size_t size = 0;
    while (!values.empty()) {
        const auto block = values.first(std::min(values.size(), kBlockRows));
        const auto range = range_of(block);
        size += 1 + varint_size(zigzag(range.minimum)) + (block.size() * range.width + 7) / 8;
        values = values.subspan(block.size());
    }
    return size;
}

void unpack_blocks(ByteReader& in, std::size_t count, std::int64_t* into) noexcept {
    while (count > 0) {
        const auto rows = std::min(count, kBlockRows);
        const auto width = in.byte();
        const auto minimum = static_cast<std::uint64_t>(in.signed_varint());
        // int64 and uint64 may share memory.
        unpack_bits(in, rows, width, minimum, reinterpret_cast<std::uint64_t*>(into));
        if (in.failed()) return;
        into += rows;
        count -= rows;
    }
}

}  // namespace penstock::sqlite
