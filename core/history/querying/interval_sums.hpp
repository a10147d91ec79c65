#pragma once

// What is known of one interval of aggregates after its rows went by. Internal to aggregates.cpp.

#include <cmath>
#include <cstdint>
#include <string>

#include <penstock/quality.hpp>
#include <penstock/value.hpp>

namespace penstock::history::detail {

enum class Use : std::uint8_t { good, uncertain, bad };

// A number of one type, with its order: 64-bit integers keep all their bits.
struct Number {
    std::uint64_t word = 0;
    double as_double = 0;
};
[[nodiscard]] inline Number number_of(ValueType type, std::uint64_t word) {
    switch (type) {
        case ValueType::boolean: return {word & 1U, static_cast<double>(word & 1U)};
        case ValueType::int64: return {word, static_cast<double>(static_cast<std::int64_t>(word))};
        case ValueType::uint64: return {word, static_cast<double>(word)};
        case ValueType::float64: return {word, double_of(word)};
        default: return {word, 0};
    }
}
[[nodiscard]] inline bool is_less(ValueType type, const Number& a, const Number& b) {
    if (type == ValueType::int64) return static_cast<std::int64_t>(a.word) < static_cast<std::int64_t>(b.word);
    return type == ValueType::uint64 ? a.word < b.word : a.as_double < b.as_double;
}
// a - b without loss as far as a double can hold it.
[[nodiscard]] inline double difference(ValueType type, const Number& a, const Number& b) {
    if (type == ValueType::float64) return a.as_double - b.as_double;
    const bool is_negative = is_less(type, a, b);
    const auto size = static_cast<double>(is_negative ? b.word - a.word : a.word - b.word);
    return is_negative ? -size : size;
}

struct Extreme {
    bool is_there = false, has_multiple = false;
    Number value;
    std::int64_t time = 0;
};

// A sample as it is given back: start, end, first, last.
struct KeptSample {
    bool is_there = false;
    std::int64_t time = 0;
    std::uint64_t word = 0;
    QualityCode quality{};
    std::string blob, cause;
};

struct IntervalSums {
    // by sample
    std::uint64_t good = 0, uncertain = 0, bad = 0;
    double sum = 0;             // of usable samples
    double mean = 0, squares = 0;  // of good ones (Welford)
    Extreme minimum, maximum;   // of good ones
    Extreme uncertain_minimum, uncertain_maximum;
    Number first_good, last_good;
    bool skips_before = false,
         skips_at_ends = false;  // samples that are not good lie before the first good one, after the last
    std::uint64_t transitions = 0;
    QualityCode worst = QualityCode::good;
    KeptSample start, end, first, last;
    // by time, bounds interpolated
    double area = 0;            // value * seconds
    std::int64_t covered = 0;   // ns
    bool is_area_uncertain = false;
    // by time, samples held
    std::int64_t zero = 0, non_zero = 0, good_time = 0, uncertain_time = 0, bad_time = 0;
    // at the beginning
    bool has_bound = false, is_bound_raw = false;
    double bound = 0;
    QualityCode bound_quality = QualityCode::bad_no_data;

    [[nodiscard]] std::uint64_t samples() const noexcept { return good + uncertain + bad; }
};

}  // namespace penstock::history::detail
