#pragma once

// What the sums of an interval say: each aggregate's value, status and bits, as OPC UA Part 13 has them. Internal to aggregates.cpp.

#include "core/history/querying/series_sums.hpp"

namespace penstock::history::detail {

// Precondition: all rows are gathered.
[[nodiscard]] AggregateRow result_of(const SeriesSums& all, Aggregate aggregate, std::size_t interval);

}  // namespace penstock::history::detail
