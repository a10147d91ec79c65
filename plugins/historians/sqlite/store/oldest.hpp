#pragma once

// The oldest time of what readers can still get, after retention took something away.

#include <optional>

#include "series_table.hpp"

namespace penstock::sqlite {

class OldestFinder {
public:
    explicit OldestFinder(Database& database);
    // Adds what chunks and cells hold of a series: a few looks into the index.
    void add(const Series& series);
    // Adds the bundles, as far as they may be older than what was added. Last.
    void add_bundles(const SeriesTable& series);
    [[nodiscard]] std::optional<std::int64_t> oldest() const noexcept { return oldest_; }

private:
    void note(std::int64_t time) { oldest_ = std::min(time, oldest_.value_or(time)); }

    Database& database_;
    Statement first_cell_, first_chunk_;
    std::optional<std::int64_t> oldest_;
};

}  // namespace penstock::sqlite
