#pragma once

// What is known of a series for its aggregates: the sums of each interval, and where its data begins and ends. Internal to aggregates.cpp.

#include <cstdint>
#include <limits>
#include <vector>

#include "core/history/aggregates.hpp"
#include "core/history/querying/interval_sums.hpp"

namespace penstock::history::detail {

struct SeriesSums {
    SeriesSums(ValueType the_type, const Intervals& the_intervals, const AggregateOptions& the_options)
        : type(the_type), intervals(the_intervals), options(the_options), sums(the_intervals.count) {}

    [[nodiscard]] bool is_usable(Use use) const noexcept {
        return use == Use::good || (use == Use::uncertain && !options.treat_uncertain_as_bad);
    }

    ValueType type;
    Intervals intervals;
    AggregateOptions options;
    std::vector<IntervalSums> sums;  // by interval
    std::int64_t data_begin = std::numeric_limits<std::int64_t>::max();  // first sample that is not bad
    std::int64_t raw_begin = std::numeric_limits<std::int64_t>::max();  // first sample
    std::int64_t data_end = std::numeric_limits<std::int64_t>::min();
};

}  // namespace penstock::history::detail
