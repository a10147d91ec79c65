#pragma once

// A tag as an input of conditions.

#include <cstdint>

#include <penstock/quality.hpp>

#include "core/tags/tag_table.hpp"

namespace penstock::alarms {

struct Reading {
    double number = 0;  // of texts and arrays 0: only their quality can be judged
    std::uint64_t word = 0;
    QualityCode quality = QualityCode::good;  // bad where there is no number
    std::int64_t time = 0;  // ns UTC

    [[nodiscard]] bool is_bad() const noexcept { return penstock::is_bad(quality); }
    // The last that was known, above all after a restart. It was judged when it came; what has been since, nobody knows yet.
    [[nodiscard]] bool is_old() const noexcept { return quality == QualityCode::uncertain_last_usable; }
};

// [engine], the writer of the table.
[[nodiscard]] Reading read_cell(const tags::TagCell& cell, ValueType type) noexcept;
[[nodiscard]] Reading read_tag(tags::TagTable& table, tags::TagId tag);

}  // namespace penstock::alarms
