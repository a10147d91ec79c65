#include "rows.hpp"

#include <algorithm>
#include <bit>

#include "integers.hpp"
#include "quality.hpp"
#include "texts.hpp"

namespace penstock::sqlite {
namespace {

using Words = std::array<std::int64_t, kMostRows + kSlack>;

ValueMode value_mode(DoubleMode mode) noexcept {
    switch (mode) {
        case DoubleMode::scaled: return ValueMode::scaled;
        case DoubleMode::decimal: return ValueMode::decimal;
        case DoubleMode::multiplied: return ValueMode::multiplied;
        default: return ValueMode::bits;
    }
}

DoubleMode double_mode(ValueMode mode) noexcept {
    switch (mode) {
        case ValueMode::scaled: return DoubleMode::scaled;
        case ValueMode::decimal: return DoubleMode::decimal;
        case ValueMode::multiplied: return DoubleMode::multiplied;
        default: return DoubleMode::bits;
    }
}

ValueMode encode_values(const SampleView& rows, const RowKind& kind, EncodeContext& context, ByteWriter& out) {
    Words words;
    std::size_t count = 0;
    for (std::size_t i = 0; i < rows.size(); ++i) {
        words[count] = static_cast<std::int64_t>(rows.word[i]);
        count += has_value(rows.status[i]) ? 1U : 0U;
    }
    if (count == 0) return ValueMode::none;
    const auto values = std::span(words).first(count);
    if (kind.type == ValueType::float64) return value_mode(encode_doubles(values, kind.hint, context.scales, out));
    if (is_scalar_word(kind.type)) {
        encode_integers(values, out);
        return ValueMode::integers;
    }
    std::array<std::uint64_t, kMostRows> places;
    std::ranges::transform(values, places.begin(), [](auto word) { return static_cast<std::uint64_t>(word); });
    encode_texts(std::span(places).first(count), rows.blob, out);
    return ValueMode::texts;
}

void decode_values(ByteReader& in, ValueMode mode, const DecodeContext& context, std::size_t count, std::int64_t* into) {
    if (mode == ValueMode::texts)
        decode_texts(in, count, into);
    else if (mode == ValueMode::integers)
        decode_integers(in, count, into);
    else
        decode_doubles(in, double_mode(mode), context.scales, count, into);
}

// Values of the rows that have one lie at the front; moves them to their rows, from the back.
void spread(RowBuffer& rows, std::size_t values) noexcept {
    for (auto row = rows.size; row-- > 0;) {
        if (has_value(rows.status[row]))
            rows.word[row] = rows.word[--values];
        else
            rows.word[row] = 0;
    }
}

}  // namespace

std::uint16_t EncodeContext::number_of(std::string_view cause) {
    if (cause.empty()) return 0;
    const auto next = static_cast<std::uint16_t>(causes_.size() + 1);
    const auto [entry, is_new] = numbers_.try_emplace(std::string(cause), next);
    if (is_new) causes_.emplace_back(cause);
    return entry->second;
}

void EncodeContext::encode(ByteWriter& out) const {
    out.signed_varint(frame.base);
    out.varint(static_cast<std::uint64_t>(frame.unit));
    out.varint(causes_.size());
    for (const auto& cause : causes_) out.text(cause);
    out.varint(scales.size());
    for (const auto& scale : scales) {
        out.fixed64(std::bit_cast<std::uint64_t>(scale.step));
        out.fixed64(std::bit_cast<std::uint64_t>(scale.offset));
    }
}

void DecodeContext::decode(ByteReader& in) {
    frame.base = in.signed_varint();
    frame.unit = static_cast<std::int64_t>(in.varint());
    causes.clear();
    scales.clear();
    const auto cause_count = in.varint();
    if (cause_count > 0xFFFF || cause_count > in.left()) in.fail();
    for (std::uint64_t i = 0; i < cause_count && !in.failed(); ++i) causes.push_back(in.text());
    const auto scale_count = in.varint();
    if (scale_count > in.left() / 16) in.fail();
    for (std::uint64_t i = 0; i < scale_count && !in.failed(); ++i) {
        const auto step = std::bit_cast<double>(in.fixed64());
        scales.push_back({step, std::bit_cast<double>(in.fixed64())});
    }
}

void encode_rows(const SampleView& rows, const RowKind& kind, EncodeContext& context, ByteWriter& out) {
    std::array<StatusWord, kMostRows> status;
    for (std::size_t i = 0; i < rows.size(); ++i) {
        const auto cause = status_cause(rows.status[i]);
        status[i] = cause == 0 ? rows.status[i]
                               : status_word(status_quality(rows.status[i]), context.number_of(rows.causes[cause - 1]));
    }
    const auto flags_at = out.out().size();
    out.byte(0);
    const auto times = encode_times(rows.time, context.frame, out);
    const auto qualities = encode_quality(std::span(status).first(rows.size()), out);
    const auto values = encode_values(rows, kind, context, out);
    out.out()[flags_at] = static_cast<char>(static_cast<unsigned>(times) | static_cast<unsigned>(qualities) << 2U
                                            | static_cast<unsigned>(values) << 4U);
}

bool decode_rows(ByteReader& in, std::string_view all, std::size_t count, const DecodeContext& context, RowBuffer& into) {
    const auto flags = in.byte();
    const auto times = static_cast<TimeMode>(flags & 3U);
    const auto qualities = static_cast<QualityMode>(flags >> 2U & 3U);
    const auto values = static_cast<ValueMode>(flags >> 4U);
    if (count == 0 || count > kMostRows || times > TimeMode::deltas || qualities > QualityMode::runs
        || values > ValueMode::none)
        return false;
    into.size = count;
    into.blob = values == ValueMode::texts ? all : std::string_view();
    into.causes = context.causes;
    decode_times(in, times, context.frame, count, into.time.data());
    const auto valued = in.failed() ? 0 : decode_quality(in, qualities, context.causes.size(), count, into.status.data());
    if (in.failed()) return false;
    if ((valued == 0) != (values == ValueMode::none)) return false;
    // int64 and uint64 may share memory.
    if (valued > 0) decode_values(in, values, context, valued, reinterpret_cast<std::int64_t*>(into.word.data()));
    if (valued < count && !in.failed()) spread(into, valued);
    return !in.failed();
}

}  // namespace penstock::sqlite
