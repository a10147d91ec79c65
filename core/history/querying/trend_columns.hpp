#pragma once

// The columns of a trend's line, and what each has been told. Internal to trend.cpp.

#include <cstdint>
#include <limits>
#include <span>
#include <vector>

#include <penstock/historian.hpp>

namespace penstock::history::detail {

inline constexpr double kNothing = std::numeric_limits<double>::quiet_NaN();

struct TrendColumn {
    double minimum = kNothing, maximum = kNothing, first = kNothing, last = kNothing;
    std::int64_t first_time = std::numeric_limits<std::int64_t>::max(), last_time = std::numeric_limits<std::int64_t>::min();
    double held = kNothing;        // the value held, where there is no sample
    double area = 0, seconds = 0;  // of the value held
    std::uint32_t count = 0;
    QualityCode worst = QualityCode::good;
    bool is_known = false;  // something is said of it: a sample, or what was held

    // Rows in order of time, all in this column, with their numbers: NaN where there is none.
    void add(std::span<const std::int64_t> time, std::span<const StatusWord> status, std::span<const double> number);
    // A stretch of samples that lies in this column.
    void add(const SampleSummary& summary);
    // A value that was held for so long.
    void hold(double value, QualityCode quality, std::int64_t ns);

private:
    void add_area(std::span<const std::int64_t> time, std::span<const double> number);
    void note_quality(QualityCode quality);
    void note_qualities(std::span<const StatusWord> status, std::span<const double> number);
    void note_extremes(double least, double greatest);
    void note_ends(std::int64_t from, double begin, std::int64_t to, double end);
};

// [from, to) in columns of equal width, rounded so that they meet without a gap.
class TrendColumns {
public:
    TrendColumns(std::int64_t from, std::int64_t to, std::uint32_t count)
        : from_(from), to_(to), width_(static_cast<double>(to - from) / count), columns_(count) {}

    [[nodiscard]] std::int64_t begin(std::size_t k) const;
    [[nodiscard]] std::size_t index(std::int64_t time) const;
    [[nodiscard]] TrendColumn& operator[](std::size_t k) { return columns_[k]; }
    [[nodiscard]] std::size_t size() const noexcept { return columns_.size(); }
    [[nodiscard]] std::int64_t from() const noexcept { return from_; }
    [[nodiscard]] std::int64_t to() const noexcept { return to_; }

private:
    std::int64_t from_, to_;
    double width_;
    std::vector<TrendColumn> columns_;
};

// The rows' numbers into `into`, which is as long; NaN for those that have none.
void numbers_of(ValueType type, const SampleView& rows, std::span<double> into);

}  // namespace penstock::history::detail
