#include "integers.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <limits>
#include <numeric>
#include <string>

namespace penstock::sqlite {
namespace {

enum Predictor : unsigned { kConstant = 0, kPlain = 1, kDeltas = 2, kXor = 3 };
constexpr unsigned kRuns = 4;
constexpr unsigned kDivisor = 8;

using Column = std::array<std::int64_t, kMostRows>;

std::uint64_t magnitude(std::int64_t value) noexcept {
    return value < 0 ? 0 - static_cast<std::uint64_t>(value) : static_cast<std::uint64_t>(value);
}

// What all differences are multiples of. 0 where they wrap: then only powers of two divide what the reader adds up.
std::int64_t divisor_of(std::span<const std::int64_t> values) noexcept {
    const auto [least, most] = std::ranges::minmax(values);
    const auto span = static_cast<std::uint64_t>(most) - static_cast<std::uint64_t>(least);
    if (span > static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max())) return 0;
    std::uint64_t divisor = 0;
    std::int64_t known = 0;
    for (std::size_t i = 1; i < values.size(); ++i) {
        const auto delta = values[i] - values[i - 1];
        if (delta == known) continue;
        known = delta;
        if (divisor == 0 || magnitude(delta) % divisor != 0) divisor = std::gcd(divisor, magnitude(delta));
        if (divisor == 1) return 1;
    }
    return static_cast<std::int64_t>(divisor);
}

std::int64_t power_of_two_of(std::span<const std::int64_t> values) noexcept {
    std::uint64_t differing = 0;
    for (const auto value : values) differing |= static_cast<std::uint64_t>(value) ^ static_cast<std::uint64_t>(values[0]);
    const auto shift = differing == 0 ? 0 : std::min(std::countr_zero(differing), 62);
    return std::int64_t{1} << shift;
}

void predict(Predictor predictor, std::span<const std::int64_t> values, std::int64_t divisor, std::int64_t* residuals) {
    const auto count = values.size();
    if (predictor == kXor) {
        const auto shift = std::countr_zero(static_cast<std::uint64_t>(divisor));
        for (std::size_t i = 1; i < count; ++i)
            residuals[i - 1] = static_cast<std::int64_t>(static_cast<std::uint64_t>(values[i] ^ values[i - 1]) >> shift);
        return;
    }
    for (std::size_t i = 1; i < count; ++i)
        residuals[i - 1] = wrapped_difference(values[i], predictor == kPlain ? values[0] : values[i - 1]);
    if (divisor == 1) return;
    for (std::size_t i = 0; i + 1 < count; ++i) residuals[i] /= divisor;
}

void encode_column(std::span<const std::int64_t> values, unsigned flags, std::int64_t divisor, Meaning meaning,
                   std::string_view lengths, ByteWriter& out) {
    const auto rest = values.size() - 1;
    Column best;
    unsigned predictor = kConstant;
    if (rest > 0) {
        std::size_t best_size = std::numeric_limits<std::size_t>::max();
        for (const auto candidate : {kPlain, kDeltas, kXor}) {
            if (candidate == kXor && (meaning == Meaning::numbers || !std::has_single_bit(static_cast<std::uint64_t>(divisor))))
                continue;
            Column residuals;
            predict(candidate, values, divisor, residuals.data());
            const auto size = packed_blocks_size(std::span(residuals).first(rest));
            if (size >= best_size) continue;
            best_size = size;
            predictor = candidate;
            std::copy_n(residuals.begin(), rest, best.begin());
        }
    }
    if (divisor > 1) flags |= kDivisor;
    out.byte(predictor | flags);
    out.signed_varint(values[0]);
    if (divisor > 1) out.varint(static_cast<std::uint64_t>(divisor));
    out.raw(lengths.data(), lengths.size());
    pack_blocks(std::span(best).first(rest), out);
}

void encode_plain(std::span<const std::int64_t> values, unsigned flags, Meaning meaning, std::string_view lengths,
                  ByteWriter& out) {
    auto divisor = divisor_of(values);
    if (divisor == 0) divisor = power_of_two_of(values);
    encode_column(values, flags, divisor, meaning, lengths, out);
}

void encode_runs(std::span<const std::int64_t> values, std::size_t runs, Meaning meaning, ByteWriter& out) {
    Column heads;
    Column lengths;
    std::size_t run = 0;
    std::size_t start = 0;
    for (std::size_t i = 1; i <= values.size(); ++i) {
        if (i < values.size() && values[i] == values[i - 1]) continue;
        heads[run] = values[start];
        lengths[run++] = static_cast<std::int64_t>(i - start - 1);
        start = i;
    }
    std::string packed;
    ByteWriter packed_out(packed);
    packed_out.varint(runs);
    encode_plain(std::span(lengths).first(runs), 0, Meaning::numbers, {}, packed_out);
    encode_plain(std::span(heads).first(runs), kRuns, meaning, packed, out);
}

// What follows shape and first: `count` values, the first of them known.
void decode_rest(ByteReader& in, unsigned predictor, std::int64_t first, std::int64_t divisor, std::size_t count,
                 std::int64_t* into) noexcept {
    into[0] = first;
    if (predictor == kConstant) {
        std::fill_n(into, count, first);
        return;
    }
    unpack_blocks(in, count - 1, into + 1);
    if (in.failed()) return;
    if (predictor == kXor) {
        const auto shift = std::countr_zero(static_cast<std::uint64_t>(divisor));
        for (std::size_t i = 1; i < count; ++i)
            into[i] = static_cast<std::int64_t>(static_cast<std::uint64_t>(into[i]) << shift) ^ into[i - 1];
        return;
    }
    if (divisor != 1)
        for (std::size_t i = 1; i < count; ++i) into[i] = wrapped_product(into[i], divisor);
    if (predictor == kPlain) {
        for (std::size_t i = 1; i < count; ++i) into[i] = wrapped_sum(into[i], first);
        return;
    }
    auto sum = first;
    for (std::size_t i = 1; i < count; ++i) into[i] = sum = wrapped_sum(sum, into[i]);
}

void decode_column(ByteReader& in, std::size_t count, bool may_have_runs, std::int64_t* into) noexcept;

void decode_runs(ByteReader& in, unsigned predictor, std::int64_t first, std::int64_t divisor, std::size_t count,
                 std::int64_t* into) noexcept {
    std::array<std::int64_t, kMostRows + kSlack> heads;
    std::array<std::int64_t, kMostRows + kSlack> lengths;
    const auto runs = in.varint();
    if (runs == 0 || runs > count) {
        in.fail();
        return;
    }
    decode_column(in, runs, false, lengths.data());
    if (!in.failed()) decode_rest(in, predictor, first, divisor, runs, heads.data());
    if (in.failed()) return;
    std::size_t row = 0;
    for (std::size_t run = 0; run < runs; ++run) {
        const auto length = static_cast<std::uint64_t>(lengths[run]);
        if (length >= count - row) {
            in.fail();
            return;
        }
        std::fill_n(into + row, length + 1, heads[run]);
        row += length + 1;
    }
    if (row != count) in.fail();
}

void decode_column(ByteReader& in, std::size_t count, bool may_have_runs, std::int64_t* into) noexcept {
    const auto shape = in.byte();
    const auto first = in.signed_varint();
    const auto divisor = (shape & kDivisor) != 0 ? static_cast<std::int64_t>(in.varint()) : 1;
    const bool has_runs = (shape & kRuns) != 0;
    if (shape > 15 || divisor == 0 || (has_runs && !may_have_runs)) in.fail();
    if (in.failed()) return;
    if (has_runs)
        decode_runs(in, shape & 3U, first, divisor, count, into);
    else
        decode_rest(in, shape & 3U, first, divisor, count, into);
}

}  // namespace

void encode_integers(std::span<const std::int64_t> values, ByteWriter& out, Meaning meaning) {
    std::size_t runs = 1;
    for (std::size_t i = 1; i < values.size(); ++i) runs += values[i] != values[i - 1] ? 1U : 0U;
    if (runs == 1) {
        encode_column(values.first(1), 0, 1, meaning, {}, out);
        return;
    }
    const auto start = out.out().size();
    encode_plain(values, 0, meaning, {}, out);
    if (runs > values.size() / 3) return;
    std::string packed;
    ByteWriter packed_out(packed);
    encode_runs(values, runs, meaning, packed_out);
    if (packed.size() < out.out().size() - start) out.out().replace(start, std::string::npos, packed);
}

void decode_integers(ByteReader& in, std::size_t count, std::int64_t* into) noexcept {
    if (count == 0 || count > kMostRows)
        in.fail();
    else
        decode_column(in, count, true, into);
}

}  // namespace penstock::sqlite
