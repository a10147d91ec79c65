#include "times.hpp"

#include <algorithm>
#include <array>
#include <numeric>

namespace penstock::sqlite {
namespace {

constexpr unsigned kFraction = 20;
constexpr std::int64_t kHalf = std::int64_t{1} << (kFraction - 1);
constexpr std::int64_t kLongestChord = std::int64_t{1} << 42;  // quanta: row * slope stays below 2^63
constexpr unsigned kHasMantissa = 16;

using Column = std::array<std::int64_t, kMostRows>;

std::uint64_t magnitude(std::int64_t value) noexcept {
    return value < 0 ? 0 - static_cast<std::uint64_t>(value) : static_cast<std::uint64_t>(value);
}

template <std::int64_t kUnit>
bool are_multiples(std::span<const std::int64_t> deltas) noexcept {
    std::int64_t rest = 0;
    for (const auto delta : deltas) rest |= delta % kUnit;
    return rest == 0;
}

std::int64_t greatest_divisor(std::span<const std::int64_t> deltas, std::int64_t known) noexcept {
    std::uint64_t divisor = 0;
    std::int64_t before = 0;
    for (const auto delta : deltas) {
        if (delta == before) continue;
        before = delta;
        if (divisor == 0 || magnitude(delta) % divisor != 0) divisor = std::gcd(divisor, magnitude(delta));
        if (divisor == static_cast<std::uint64_t>(known)) break;
    }
    // 2^63 (the one magnitude that is no int64) or no difference at all
    return divisor == 0 || divisor > (std::uint64_t{1} << 62U) ? 1 : static_cast<std::int64_t>(divisor);
}

// Milliseconds first: they are what hosts cut their times to, and dividing by a constant is cheap.
std::int64_t quantum_of(std::span<const std::int64_t> deltas) noexcept {
    if (are_multiples<1'000'000>(deltas)) return greatest_divisor(deltas, 1'000'000);
    return greatest_divisor(deltas, 1);
}

void encode_quantum(std::int64_t quantum, ByteWriter& out) {
    unsigned exponent = 0;
    for (; quantum % 10 == 0 && exponent < 15; ++exponent) quantum /= 10;
    out.byte(exponent | (quantum == 1 ? 0 : kHasMantissa));
    if (quantum != 1) out.varint(static_cast<std::uint64_t>(quantum));
}

std::int64_t decode_quantum(ByteReader& in) noexcept {
    const auto code = in.byte();
    auto quantum = (code & kHasMantissa) != 0 ? static_cast<std::int64_t>(in.varint()) : 1;
    for (unsigned i = 0; i < (code & 15U); ++i) quantum = wrapped_product(quantum, 10);
    if (code >= 2 * kHasMantissa) in.fail();
    return quantum;
}

std::int64_t slope_of(std::int64_t span, std::size_t count) noexcept {
    const auto rows = static_cast<std::int64_t>(count - 1);
    const auto raised = span * (std::int64_t{1} << kFraction);
    return raised / rows - (raised % rows < 0 ? 1 : 0);
}

std::int64_t on_chord(std::size_t row, std::int64_t slope) noexcept {
    return (static_cast<std::int64_t>(row) * slope + kHalf) >> kFraction;
}

}  // namespace

TimeMode encode_times(std::span<const std::int64_t> times, const TimeFrame& frame, ByteWriter& out) {
    out.signed_varint(wrapped_difference(times[0], frame.base) / frame.unit);
    const auto rest = times.size() - 1;
    if (rest == 0) return TimeMode::regular;

    Column delta_buffer;
    const auto deltas = std::span(delta_buffer).first(rest);
    for (std::size_t i = 0; i < rest; ++i) deltas[i] = wrapped_difference(times[i + 1], times[i]);
    const auto quantum = quantum_of(deltas);
    encode_quantum(quantum, out);
    bool wraps = false;
    std::int64_t span = 0;
    for (auto& delta : deltas) {
        delta /= quantum;
        wraps |= __builtin_add_overflow(span, delta, &span);
    }
    if (wraps || span > kLongestChord || span < -kLongestChord) {
        pack_blocks(deltas, out);
        return TimeMode::deltas;
    }

    Column chord_buffer;
    const auto residuals = std::span(chord_buffer).first(rest);
    const auto slope = slope_of(span, times.size());
    std::int64_t at = 0;
    std::int64_t off = 0;
    for (std::size_t i = 0; i < rest; ++i) {
        at += deltas[i];
        residuals[i] = wrapped_difference(at, on_chord(i + 1, slope));
        off |= residuals[i];
    }
    if (off != 0 && packed_blocks_size(deltas) <= packed_blocks_size(residuals)) {
        pack_blocks(deltas, out);
        return TimeMode::deltas;
    }
    out.signed_varint(span);
    if (off == 0) return TimeMode::regular;
    pack_blocks(residuals, out);
    return TimeMode::chord;
}

void decode_times(ByteReader& in, TimeMode mode, const TimeFrame& frame, std::size_t count, std::int64_t* into) noexcept {
    const auto first = wrapped_sum(frame.base, wrapped_product(in.signed_varint(), frame.unit));
    into[0] = first;
    if (count == 1) return;
    const auto quantum = decode_quantum(in);
    if (mode == TimeMode::deltas) {
        unpack_blocks(in, count - 1, into + 1);
        if (in.failed()) return;
        auto at = first;
        for (std::size_t i = 1; i < count; ++i) into[i] = at = wrapped_sum(at, wrapped_product(into[i], quantum));
        return;
    }
    const auto span = in.signed_varint();
    if (span > kLongestChord || span < -kLongestChord) in.fail();
    if (mode == TimeMode::chord)
        unpack_blocks(in, count - 1, into + 1);
    else
        std::fill_n(into + 1, count - 1, 0);
    if (in.failed()) return;
    const auto slope = slope_of(span, count);
    // From row to row, for the processor: one product each, where a vector of 64-bit products would be many.
    auto raised = kHalf;
    auto at = first;
    std::int64_t before = 0;
    for (std::size_t i = 1; i < count; ++i) {
        raised += slope;
        const auto place = wrapped_sum(into[i], raised >> kFraction);
        into[i] = at = wrapped_sum(at, wrapped_product(wrapped_difference(place, before), quantum));
        before = place;
    }
}

}  // namespace penstock::sqlite
