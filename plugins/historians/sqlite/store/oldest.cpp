#include "oldest.hpp"

#include <algorithm>

namespace penstock::sqlite {

OldestFinder::OldestFinder(Database& database) : database_(database) {
    first_cell_ = database.prepare("SELECT t0 FROM thinned WHERE series = ? AND grain = ? ORDER BY t0 LIMIT 1");
    first_chunk_ = database.prepare("SELECT t0 FROM summary WHERE series = ? ORDER BY t0 LIMIT 1");
}

void OldestFinder::add(const Series& series) {
    for (const auto grain : {Grain::minute, Grain::hour}) {
        const ResetAtEnd reset(first_cell_);
        if (!first_cell_.bind(1, std::int64_t{series.id}).bind(2, static_cast<std::int64_t>(grain)).step()) continue;
        const auto first = first_cell_.integer(0);
        note(grain == Grain::hour ? std::max(first, series.hours_from) : first);
    }
    const ResetAtEnd reset(first_chunk_);
    if (first_chunk_.bind(1, std::int64_t{series.id}).step()) note(std::max(first_chunk_.integer(0), series.raw_from));
}

// A bundle stays until half of its rows are gone: what its series no longer show does not count.
void OldestFinder::add_bundles(const SeriesTable& series) {
    auto rows = database_.prepare("SELECT t0, first_series, last_series FROM bundle ORDER BY t0");
    while (rows.step() && rows.integer(0) < oldest_.value_or(std::numeric_limits<std::int64_t>::max())) {
        auto raw_from = std::numeric_limits<std::int64_t>::max();
        for (auto id = rows.integer(1); id <= rows.integer(2); ++id) {
            const auto found = series.all().find(static_cast<SeriesId>(id));
            if (found != series.all().end()) raw_from = std::min(raw_from, found->second.raw_from);
        }
        note(std::max(rows.integer(0), raw_from));
    }
}

}  // namespace penstock::sqlite
