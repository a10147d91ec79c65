#pragma once

// What to draw of a series: [from, to) in columns of equal width, of each the least and the greatest value, and more. Every sample's
// value lies between minimum and maximum of its column, and both are values of samples. A column without samples shows the value that
// was held through it.

#include <penstock/history_operations.hpp>

#include "core/history/history_query.hpp"

namespace penstock::history {

// `known_until`: up to here nothing else happened; later columns are not known yet. Errors: as of the store; timeout. A line of a
// type that has no numbers: code unsupported. [worker]
[[nodiscard]] Result<TrendLine> make_trend(SeriesView& view, UtcTime from, UtcTime to, std::uint32_t columns,
                                           UtcTime known_until, const IsOver& is_over);

}  // namespace penstock::history
