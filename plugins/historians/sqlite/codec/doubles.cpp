#include "doubles.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <optional>

#include "integers.hpp"

namespace penstock::sqlite {
namespace {

// Adding it to a double below 2^51 leaves the nearest whole number in the lowest bits.
constexpr double kWhole = 6755399441055744.0;  // 1.5 * 2^52
constexpr std::int64_t kWholeBits = std::bit_cast<std::int64_t>(kWhole);
constexpr double kMostWhole = 2251799813685248.0;  // 2^51
constexpr unsigned kMostExponent = 12;
constexpr std::array kPowers = {1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12};
constexpr std::array kInversePowers = {1e0, 1e-1, 1e-2, 1e-3, 1e-4, 1e-5, 1e-6, 1e-7, 1e-8, 1e-9, 1e-10, 1e-11, 1e-12};

std::int64_t whole_of(double raised) noexcept { return std::bit_cast<std::int64_t>(raised) - kWholeBits; }
double double_of_whole(std::int64_t whole) noexcept { return std::bit_cast<double>(wrapped_sum(whole, kWholeBits)) - kWhole; }

struct Scaled {
    Scale scale;
    [[nodiscard]] double forth(double value) const noexcept { return (value - scale.offset) / scale.step; }
    [[nodiscard]] double back(double whole) const noexcept { return whole * scale.step + scale.offset; }
};
struct Decimal {
    double power;
    [[nodiscard]] double forth(double value) const noexcept { return value * power; }
    [[nodiscard]] double back(double whole) const noexcept { return whole / power; }
};
struct Multiplied {
    double power, inverse;
    [[nodiscard]] double forth(double value) const noexcept { return value * power; }
    [[nodiscard]] double back(double whole) const noexcept { return whole * inverse; }
};

template <class Way>
bool fits(const Way& way, std::int64_t word, std::int64_t& whole) noexcept {
    const auto moved = way.forth(std::bit_cast<double>(word));
    const bool is_small = std::fabs(moved) < kMostWhole;
    const auto raised = (is_small ? moved : 0.0) + kWhole;
    whole = whole_of(raised);
    return is_small && std::bit_cast<std::int64_t>(way.back(raised - kWhole)) == word;
}

struct Wholes {
    std::array<std::int64_t, kMostRows> of_row;
    std::array<std::uint32_t, kMostRows> exceptions;
    std::size_t exception_count = 0;
};

std::size_t most_exceptions(std::size_t rows) noexcept { return rows / 32; }

// False if too many do not fit.
template <class Way>
bool convert(const Way& way, std::span<const std::int64_t> words, Wholes& wholes) noexcept {
    wholes.exception_count = 0;
    const auto most = most_exceptions(words.size());
    for (std::size_t i = 0; i < words.size(); ++i) {
        if (fits(way, words[i], wholes.of_row[i])) continue;
        if (wholes.exception_count == most) return false;
        wholes.exceptions[wholes.exception_count++] = static_cast<std::uint32_t>(i);
        wholes.of_row[i] = i == 0 ? 0 : wholes.of_row[i - 1];
    }
    return true;
}

// The smallest exponent from `exponent` on with which the value is a decimal.
template <class MakeWay>
std::optional<unsigned> exponent_of(const MakeWay& make_way, std::int64_t word, unsigned exponent) noexcept {
    std::int64_t whole = 0;
    for (; exponent <= kMostExponent; ++exponent)
        if (fits(make_way(exponent), word, whole)) return exponent;
    return std::nullopt;
}

// An exponent for all that a few samples need; none if more than one sample is no decimal at all.
template <class MakeWay>
std::optional<unsigned> guess_exponent(const MakeWay& make_way, std::span<const std::int64_t> words) noexcept {
    constexpr std::size_t kSamples = 24;
    unsigned exponent = 0;
    unsigned strangers = 0;
    const auto stride = std::max<std::size_t>(1, words.size() / kSamples);
    for (std::size_t i = 0; i < words.size(); i += stride) {
        const auto found = exponent_of(make_way, words[i], exponent);
        if (!found && ++strangers > std::min<std::size_t>(1, most_exceptions(words.size()))) return std::nullopt;
        exponent = found.value_or(exponent);
    }
    return exponent;
}

template <class MakeWay>
std::optional<unsigned> convert_decimals(const MakeWay& make_way, std::span<const std::int64_t> words,
                                         Wholes& wholes) noexcept {
    auto exponent = guess_exponent(make_way, words);
    if (!exponent) return std::nullopt;
    for (; *exponent <= kMostExponent; ++*exponent)
        if (convert(make_way(*exponent), words, wholes)) return exponent;
    return std::nullopt;
}

Decimal decimal(unsigned exponent) noexcept { return {kPowers[exponent]}; }
Multiplied multiplied(unsigned exponent) noexcept { return {kPowers[exponent], kInversePowers[exponent]}; }

void encode_wholes(const Wholes& wholes, std::span<const std::int64_t> words, ByteWriter& out) {
    encode_integers(std::span(wholes.of_row).first(words.size()), out);
    out.varint(wholes.exception_count);
    std::size_t before = 0;
    for (const auto row : std::span(wholes.exceptions).first(wholes.exception_count)) {
        out.varint(row - before);
        out.fixed64(static_cast<std::uint64_t>(words[row]));
        before = row;
    }
}

void decode_exceptions(ByteReader& in, std::size_t count, std::int64_t* into) noexcept {
    const auto exceptions = in.varint();
    std::uint64_t row = 0;
    for (std::uint64_t i = 0; i < exceptions && !in.failed(); ++i) {
        const auto step = in.varint();
        if (step >= count - row) in.fail();
        if (in.failed()) return;
        row += step;
        into[row] = static_cast<std::int64_t>(in.fixed64());
    }
}

template <class Way>
void convert_back(const Way& way, std::size_t count, std::int64_t* words) noexcept {
    for (std::size_t i = 0; i < count; ++i) words[i] = std::bit_cast<std::int64_t>(way.back(double_of_whole(words[i])));
}

unsigned place_of(const Scale& scale, std::vector<Scale>& scales) {
    const auto found = std::ranges::find(scales, scale);
    const auto place = static_cast<unsigned>(found - scales.begin());
    if (found == scales.end()) scales.push_back(scale);
    return place;
}

}  // namespace

DoubleMode encode_doubles(std::span<const std::int64_t> words, const Scale& hint, std::vector<Scale>& scales, ByteWriter& out) {
    Wholes wholes;
    if (hint.step != 0 && convert(Scaled{hint}, words, wholes)) {
        out.varint(place_of(hint, scales));
        encode_wholes(wholes, words, out);
        return DoubleMode::scaled;
    }
    auto mode = DoubleMode::decimal;
    auto exponent = convert_decimals(decimal, words, wholes);
    if (!exponent) {
        mode = DoubleMode::multiplied;
        exponent = convert_decimals(multiplied, words, wholes);
    }
    if (!exponent) {
        encode_integers(words, out, Meaning::bits);
        return DoubleMode::bits;
    }
    out.byte(*exponent);
    encode_wholes(wholes, words, out);
    return mode;
}

void decode_doubles(ByteReader& in, DoubleMode mode, std::span<const Scale> scales, std::size_t count,
                    std::int64_t* into) noexcept {
    if (mode == DoubleMode::bits) {
        decode_integers(in, count, into);
        return;
    }
    const auto way = mode == DoubleMode::scaled ? in.varint() : in.byte();
    if (way >= (mode == DoubleMode::scaled ? scales.size() : kPowers.size())) in.fail();
    if (!in.failed()) decode_integers(in, count, into);
    if (in.failed()) return;
    if (mode == DoubleMode::scaled)
        convert_back(Scaled{scales[way]}, count, into);
    else if (mode == DoubleMode::decimal)
        convert_back(decimal(static_cast<unsigned>(way)), count, into);
    else
        convert_back(multiplied(static_cast<unsigned>(way)), count, into);
    decode_exceptions(in, count, into);
}

}  // namespace penstock::sqlite
