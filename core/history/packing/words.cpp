#include "core/history/packing/words.hpp"

#include <algorithm>
#include <array>
#include <bit>

namespace penstock::history::packing {
namespace {

constexpr std::array<double, 10> kPowers = {1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9};
constexpr double kMostWhole = 1e15;  // magnitudes below are rounded exactly by the addition of kRounder, with room to spare
constexpr double kRounder = 6755399441055744.0;  // 1.5 * 2^52: what is added to it loses its fraction

[[nodiscard]] double double_of(std::uint64_t word) noexcept { return std::bit_cast<double>(word); }
[[nodiscard]] std::uint64_t word_of(double value) noexcept { return std::bit_cast<std::uint64_t>(value); }

// How a whole number becomes a double, and back if it came from one. Exact or not at all: the caller compares the bits.
struct Decimal {
    double power;
    [[nodiscard]] double estimate(double value) const noexcept { return value * power; }
    [[nodiscard]] double value(double whole) const noexcept { return whole / power; }
};
struct Scaled {
    double step, offset;
    [[nodiscard]] double estimate(double value) const noexcept { return (value - offset) / step; }
    [[nodiscard]] double value(double whole) const noexcept { return offset + whole * step; }
};

template <class Rule>
[[nodiscard]] bool to_whole(const Rule& rule, std::uint64_t word, double& whole) noexcept {
    const auto estimate = rule.estimate(double_of(word));
    if (!(estimate > -kMostWhole && estimate < kMostWhole)) return false;  // NaN too
    whole = (estimate + kRounder) - kRounder;
    return word_of(rule.value(whole)) == word;
}

// Differences of the whole numbers behind the words, the first as it is. False if one of them has none.
template <class Rule>
[[nodiscard]] bool to_differences(const Rule& rule, const std::uint64_t* words, std::size_t rows,
                                  std::uint64_t* differences) noexcept {
    std::int64_t before = 0;
    for (std::size_t row = 0; row < rows; ++row) {
        double whole = 0;
        if (!to_whole(rule, words[row], whole)) return false;
        const auto number = static_cast<std::int64_t>(whole);
        differences[row] = static_cast<std::uint64_t>(number - before);
        before = number;
    }
    return true;
}

template <class Rule>
void from_differences(const Rule& rule, std::uint64_t* words, std::size_t rows) noexcept {
    std::uint64_t number = 0;
    for (std::size_t row = 0; row < rows; ++row) {
        number += words[row];
        words[row] = word_of(rule.value(static_cast<double>(static_cast<std::int64_t>(number))));
    }
}

// The first number apart, so that the differences' bits do not depend on it.
[[nodiscard]] std::uint8_t* put_differences(const std::uint64_t* differences, std::size_t rows, std::uint8_t* out) noexcept {
    out = put_varint(out, zigzag(static_cast<std::int64_t>(differences[0])));
    return pack_column(differences + 1, rows - 1, out);
}
[[nodiscard]] bool take_differences(Cursor& from, std::size_t rows, std::uint64_t* differences) noexcept {
    differences[0] = static_cast<std::uint64_t>(unzigzag(from.varint()));
    return unpack_column(from, rows - 1, differences + 1);
}

// The least number of decimals that a few of the words have; kPowers.size() if they have none.
[[nodiscard]] std::size_t guess_decimals(const std::uint64_t* words, std::size_t rows) noexcept {
    std::size_t decimals = 0;
    const auto stride = std::max<std::size_t>(rows / 4, 1);
    for (std::size_t row = 0; row < rows; row += stride) {
        double whole = 0;
        while (decimals < kPowers.size() && !to_whole(Decimal{kPowers[decimals]}, words[row], whole)) ++decimals;
    }
    return decimals;
}

// Small whole numbers, bools and zeros do not: as doubles they would be no normal numbers.
[[nodiscard]] bool look_like_doubles(const std::uint64_t* words, std::size_t rows) noexcept {
    std::uint64_t any = 0;
    for (std::size_t row = 0; row < rows; ++row) any |= words[row];
    return any >> 52U != 0;
}

[[nodiscard]] std::uint8_t* put_way(WordWay way, std::uint8_t* out) noexcept {
    *out++ = static_cast<std::uint8_t>(way);
    return out;
}

[[nodiscard]] std::uint8_t* try_whole(const std::uint64_t* words, std::size_t rows, ScaleHint hint, std::uint64_t* scratch,
                                      std::uint8_t* out) noexcept {
    if (hint.step != 0 && to_differences(Scaled{hint.step, hint.offset}, words, rows, scratch)) {
        out = put_way(WordWay::scaled, out);
        store(out, hint.step);
        store(out + 8, hint.offset);
        return put_differences(scratch, rows, out + 16);
    }
    const auto decimals = guess_decimals(words, rows);
    if (decimals == kPowers.size() || !to_differences(Decimal{kPowers[decimals]}, words, rows, scratch)) return nullptr;
    out = put_way(WordWay::decimal, out);
    *out++ = static_cast<std::uint8_t>(decimals);
    return put_differences(scratch, rows, out);
}

// Any words: whichever of three ways takes the fewest bits.
[[nodiscard]] std::uint8_t* pack_any(const std::uint64_t* words, std::size_t rows, std::uint64_t* scratch,
                                     std::uint8_t* out) noexcept {
    std::uint64_t any = 0;
    std::int64_t least = 0, most = 0;
    for (std::size_t row = 1; row < rows; ++row) {
        any |= words[row] ^ words[row - 1];
        const auto difference = static_cast<std::int64_t>(words[row] - words[row - 1]);
        least = std::min(least, difference);
        most = std::max(most, difference);
    }
    const auto end_zeros = any == 0 ? 0U : static_cast<unsigned>(std::countr_zero(any));
    const auto exclusive_bits = static_cast<unsigned>(std::bit_width(any >> end_zeros));
    const auto delta_bits =
        static_cast<unsigned>(std::bit_width(static_cast<std::uint64_t>(most) - static_cast<std::uint64_t>(least)));
    if (std::min(exclusive_bits, delta_bits) > 57) {
        out = put_way(WordWay::raw, out);
        std::memcpy(out, words, rows * 8);
        return out + rows * 8;
    }
    const bool by_delta = delta_bits <= exclusive_bits;
    out = put_way(by_delta ? WordWay::delta : WordWay::exclusive, out);
    if (!by_delta) *out++ = static_cast<std::uint8_t>(end_zeros);
    store(out, words[0]);
    for (std::size_t row = 1; row < rows; ++row) {
        scratch[row] = by_delta ? words[row] - words[row - 1] : (words[row] ^ words[row - 1]) >> end_zeros;
    }
    return pack_column(scratch + 1, rows - 1, out + 8);
}

[[nodiscard]] bool unpack_raw(Cursor& from, std::size_t rows, std::uint64_t* words) noexcept {
    const auto* bytes = from.take(rows * 8);
    if (bytes != nullptr) std::memcpy(words, bytes, rows * 8);
    return bytes != nullptr;
}

[[nodiscard]] bool unpack_delta(Cursor& from, std::size_t rows, std::uint64_t* words) noexcept {
    const auto* first = from.take(8);
    if (first == nullptr || !unpack_column(from, rows - 1, words + 1)) return false;
    auto word = load<std::uint64_t>(first);
    words[0] = word;
    for (std::size_t row = 1; row < rows; ++row) words[row] = word += words[row];
    return true;
}

[[nodiscard]] bool unpack_exclusive(Cursor& from, std::size_t rows, std::uint64_t* words) noexcept {
    const unsigned end_zeros = from.byte();
    const auto* first = from.take(8);
    if (first == nullptr || end_zeros > 63 || !unpack_column(from, rows - 1, words + 1)) return false;
    auto word = load<std::uint64_t>(first);
    words[0] = word;
    for (std::size_t row = 1; row < rows; ++row) words[row] = word ^= words[row] << end_zeros;
    return true;
}

[[nodiscard]] bool unpack_decimal(Cursor& from, std::size_t rows, std::uint64_t* words) noexcept {
    const auto decimals = from.byte();
    if (decimals >= kPowers.size() || !take_differences(from, rows, words)) return false;
    from_differences(Decimal{kPowers[decimals]}, words, rows);
    return true;
}

[[nodiscard]] bool unpack_scaled(Cursor& from, std::size_t rows, std::uint64_t* words) noexcept {
    const auto* hint = from.take(16);
    if (hint == nullptr || !take_differences(from, rows, words)) return false;
    from_differences(Scaled{load<double>(hint), load<double>(hint + 8)}, words, rows);
    return true;
}

// Nibbles: 0 = no bytes, the word is 0; 1 to 8 = so many lowest bytes; 9 to 15 = the 1 to 7 highest. Small whole numbers have few
// low bytes, doubles of few digits few high ones.
[[nodiscard]] unsigned nibble_of(std::uint64_t word) noexcept {
    if (word == 0) return 0;
    const auto low = static_cast<unsigned>(std::bit_width(word) + 7) / 8;
    const auto high = 8 - static_cast<unsigned>(std::countr_zero(word)) / 8;
    return high < low ? 8 + high : low;
}
struct Nibble {
    std::uint8_t bytes, shift;
    std::uint64_t mask;
};
constexpr std::array<Nibble, 16> kNibbles = [] {
    std::array<Nibble, 16> all{};
    for (unsigned n = 1; n < 16; ++n) {
        const auto bytes = n <= 8 ? n : n - 8;
        const auto mask = bytes == 8 ? ~std::uint64_t{0} : (std::uint64_t{1} << (bytes * 8)) - 1;
        all[n] = {static_cast<std::uint8_t>(bytes), static_cast<std::uint8_t>(n <= 8 ? 0 : 64 - bytes * 8), mask};
    }
    return all;
}();

[[nodiscard]] bool unpack_short(Cursor& from, const std::uint64_t* lengths, std::size_t runs, std::size_t rows,
                                std::uint64_t* words) noexcept {
    const auto* nibbles = from.take((rows + 1) / 2);
    if (nibbles == nullptr) return false;
    std::size_t row = 0;
    for (std::size_t run = 0; run < runs; ++run) {
        std::uint64_t word = 0;
        for (const auto end = row + lengths[run]; row < end; ++row) {
            const auto& nibble = kNibbles[(nibbles[row / 2] >> (row % 2 * 4)) & 0xFU];
            if (nibble.bytes > from.end - from.at) return false;
            word ^= (load<std::uint64_t>(from.at) & nibble.mask) << nibble.shift;
            from.at += nibble.bytes;
            words[row] = word;
        }
    }
    return true;
}

}  // namespace

std::uint8_t* pack_run_words(const std::uint64_t* words, std::size_t rows, ScaleHint hint, std::uint64_t* scratch,
                             std::uint8_t* out) noexcept {
    if (look_like_doubles(words, rows)) {
        if (auto* end = try_whole(words, rows, hint, scratch, out)) return end;
    }
    return pack_any(words, rows, scratch, out);
}

std::uint8_t* pack_short_words(const std::uint64_t* words, const std::uint64_t* lengths, std::size_t runs,
                               std::uint8_t* out) noexcept {
    std::size_t rows = 0;
    for (std::size_t run = 0; run < runs; ++run) rows += lengths[run];
    out = put_way(WordWay::short_words, out);
    auto* nibbles = out;
    out += (rows + 1) / 2;
    std::memset(nibbles, 0, (rows + 1) / 2);
    std::size_t row = 0;
    for (std::size_t run = 0; run < runs; ++run) {
        std::uint64_t before = 0;
        for (const auto end = row + lengths[run]; row < end; ++row) {
            const auto changed = words[row] ^ before;
            before = words[row];
            const auto code = nibble_of(changed);
            nibbles[row / 2] = static_cast<std::uint8_t>(nibbles[row / 2] | code << (row % 2 * 4));
            store(out, changed >> kNibbles[code].shift);
            out += kNibbles[code].bytes;
        }
    }
    return out;
}

bool unpack_words(Cursor& from, const std::uint64_t* lengths, std::size_t runs, std::size_t rows,
                  std::uint64_t* words) noexcept {
    const auto way = static_cast<WordWay>(from.byte());
    if (!from.ok) return false;
    if (way == WordWay::short_words) return unpack_short(from, lengths, runs, rows, words);
    if (runs != 1) return false;
    switch (way) {
        case WordWay::raw: return unpack_raw(from, rows, words);
        case WordWay::delta: return unpack_delta(from, rows, words);
        case WordWay::exclusive: return unpack_exclusive(from, rows, words);
        case WordWay::decimal: return unpack_decimal(from, rows, words);
        case WordWay::scaled: return unpack_scaled(from, rows, words);
        case WordWay::short_words: break;
    }
    return false;
}

}  // namespace penstock::history::packing
