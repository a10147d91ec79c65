#pragma once

// A run of rows of one series: times, qualities, values; up to kMostRows. What several runs share (causes, scales, where times begin)
// is kept once, in the context of the chunk or bundle that they lie in.
//
//   u8 flags: bits 0-1 TimeMode, 2-3 QualityMode, 4-6 ValueMode
//   times (times.hpp) | qualities (quality.hpp) | values of the rows that are not bad, nothing if all are
//
// Bad rows have no value: they come back with the word 0.
//
// context:
//   zigzag base | varint unit | varint causes, texts | varint scales; of each: u64 step, u64 offset (bits of doubles)

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include <penstock/historian.hpp>

#include "doubles.hpp"
#include "times.hpp"

namespace penstock::sqlite {

enum class ValueMode : unsigned { integers = 0, bits = 1, scaled = 2, decimal = 3, multiplied = 4, texts = 5, none = 6 };

class EncodeContext {
public:
    EncodeContext() = default;
    explicit EncodeContext(const TimeFrame& frame) : frame(frame) {}

    // The number that stands for a text in status words here; "" is 0.
    [[nodiscard]] std::uint16_t number_of(std::string_view cause);
    [[nodiscard]] std::size_t cause_count() const noexcept { return causes_.size(); }
    void encode(ByteWriter& out) const;

    TimeFrame frame;
    std::vector<Scale> scales;

private:
    std::vector<std::string> causes_;
    std::unordered_map<std::string, std::uint16_t> numbers_;
};

struct DecodeContext {
    TimeFrame frame;
    std::vector<Scale> scales;
    std::vector<std::string_view> causes;  // borrowed from the encoded bytes

    void decode(ByteReader& in);
};

// Rows as decoded. Texts and causes are borrowed from the encoded bytes.
struct RowBuffer {
    std::array<std::int64_t, kMostRows + kSlack> time;
    std::array<StatusWord, kMostRows + kSlack> status;
    std::array<std::uint64_t, kMostRows + kSlack> word;
    std::size_t size = 0;
    std::string_view blob;
    std::vector<std::string_view> causes;

    [[nodiscard]] SampleView view() const noexcept {
        return {{time.data(), size}, {status.data(), size}, {word.data(), size}, blob, causes};
    }
};

struct RowKind {
    ValueType type = ValueType::none;
    Scale hint;
};

// 1 to kMostRows rows.
void encode_rows(const SampleView& rows, const RowKind& kind, EncodeContext& context, ByteWriter& out);
// `all` are the bytes that `in` reads from its first on. False: not what encode_rows makes.
[[nodiscard]] bool decode_rows(ByteReader& in, std::string_view all, std::size_t count, const DecodeContext& context,
                               RowBuffer& into);

}  // namespace penstock::sqlite
