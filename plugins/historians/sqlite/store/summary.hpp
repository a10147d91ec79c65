#pragma once

// What a chunk's row in `summary` says, computed from its rows.

#include <penstock/historian.hpp>

namespace penstock::sqlite {

// 1 or more rows in order of time. Strings and arrays have no numbers: minimum, maximum, first and last are NaN.
[[nodiscard]] SampleSummary summary_of(const SampleView& rows, ValueType type) noexcept;

// Of a row of `summary`, so that a page that went bad unnoticed makes nobody believe it.
struct SummaryRow {
    std::uint64_t series = 0, id = 0, sequence = 0;
    SampleSummary summary;
    [[nodiscard]] std::uint32_t checksum() const noexcept;
};

// A value as a number; NaN where it is none, or bad.
[[nodiscard]] double number_of(ValueType type, StatusWord status, std::uint64_t word) noexcept;

}  // namespace penstock::sqlite
