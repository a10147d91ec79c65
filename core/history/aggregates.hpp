#pragma once

// Aggregates after OPC UA Part 13, of one series over intervals of equal length: the only place where they are computed.
//
//     AggregateCalculator calculator(type, {.from = from, .interval = 60s, .count = 60}, options);
//     calculator.look_back(rows that lie before `from`, newest first, until it has enough);
//     calculator.add(rows in [from, end), in order of time);
//     calculator.look_ahead(rows from the end on, until it has enough);
//     for (std::size_t k = 0; k < 60; ++k) rows.push_back(calculator.result(Aggregate::average, k));
//
// Rows are looked at once, in order; what they need of memory is an interval's sums. The rules and where we read them:
//
//   bounds        interpolated (3.1.8) for interpolative, time_average and total: from the nearest usable samples; what lies between them
//                 is straight, or stepped where the series is. Simple and stepped (3.1.9) for durations and percents: a sample
//                 holds until the next one, whatever its quality.
//   usable        not bad; with treat_uncertain_as_bad good only. NaN is bad.
//   status        5.4.3.2: by count for average, count and transitions, by time for durations; custom rules where the aggregate's
//                 table has them. Bad samples that were passed over, or uncertain ones that were used, make uncertain_data_sub_normal.
//   no data       before the first sample, and where an interval has nothing to say: bad_no_data, without a value.
//   after the end of the data (the last sample, or `known_until` if that is later and the series is stepped) values are
//                 extrapolated: held, and uncertain.
//   partial       (5.3.3.2) the interval is cut by the end of the request, or holds the beginning or the end of the data.
//                 What OPC UA says in bits stands in the row's cause: "partial", "interpolated", "multiple values".

#include <cstdint>
#include <limits>
#include <memory>
#include <string>
#include <vector>

#include <penstock/historian.hpp>
#include <penstock/history_operations.hpp>

namespace penstock::history {

struct AggregateOptions {
    bool is_stepped = true;  // the Stepped attribute; always so for bool
    bool treat_uncertain_as_bad = false;
    double percent_good = 100, percent_bad = 100;
    std::int64_t known_until = std::numeric_limits<std::int64_t>::min();  // up to here nothing else happened
};

// [from + k * interval, from + (k + 1) * interval) for k = 0 to count - 1, the last one cut at `to`.
struct Intervals {
    std::int64_t from = 0, to = 0;
    std::int64_t interval = 0;
    std::size_t count = 0;

    [[nodiscard]] std::int64_t begin(std::size_t k) const noexcept { return from + static_cast<std::int64_t>(k) * interval; }
    [[nodiscard]] std::int64_t end(std::size_t k) const noexcept { return k + 1 == count ? to : begin(k + 1); }
    [[nodiscard]] std::size_t index(std::int64_t time) const noexcept {
        return static_cast<std::size_t>((time - from) / interval);
    }
};

struct AggregateRow {
    std::int64_t time = 0;
    QualityCode quality = QualityCode::bad_no_data;
    std::uint64_t word = 0;
    bool is_partial = false, is_interpolated = false, has_multiple = false;
    std::string blob;  // where the result is a sample of a string or array
    std::string cause;  // of the sample, where the result is one
};

// Error unsupported: strings and arrays have only start, end, first, last, count, percent_good, percent_bad and worst_quality.
[[nodiscard]] Result<ValueType> aggregate_type(Aggregate aggregate, ValueType type);

class AggregateCalculator final {
public:
    AggregateCalculator(ValueType type, const Intervals& intervals, const AggregateOptions& options);
    ~AggregateCalculator();
    AggregateCalculator(const AggregateCalculator&) = delete;
    AggregateCalculator& operator=(const AggregateCalculator&) = delete;

    // False: it has enough.
    bool look_back(const SampleView& rows);
    void add(const SampleView& rows);
    bool look_ahead(const SampleView& rows);

    // After all rows.
    [[nodiscard]] AggregateRow result(Aggregate aggregate, std::size_t interval);

private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace penstock::history
