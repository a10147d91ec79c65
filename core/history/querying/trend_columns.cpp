#include "core/history/querying/trend_columns.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include "core/history/querying/interval_sums.hpp"

namespace penstock::history::detail {
namespace {

double seconds_of(std::int64_t ns) noexcept { return static_cast<double>(ns) * 1e-9; }

struct Extremes {
    double least = std::numeric_limits<double>::infinity();
    double greatest = -std::numeric_limits<double>::infinity();

    void note(double number) noexcept {  // NaN is neither less nor greater
        least = number < least ? number : least;
        greatest = number > greatest ? number : greatest;
    }
};

// Side by side, or each number would wait for the one before.
Extremes extremes_of(std::span<const double> number) noexcept {
    constexpr std::size_t kLanes = 4;
    std::array<Extremes, kLanes> lanes;
    for (; number.size() >= kLanes; number = number.subspan(kLanes))
        for (std::size_t lane = 0; lane < kLanes; ++lane) lanes[lane].note(number[lane]);
    for (const auto each : number) lanes[0].note(each);
    auto all = lanes[0];
    for (const auto& lane : lanes) all = {std::min(all.least, lane.least), std::max(all.greatest, lane.greatest)};
    return all;
}

template <class Number>
void fill_numbers(const SampleView& rows, std::span<double> into, Number number) {
    for (std::size_t i = 0; i < into.size(); ++i)
        into[i] = is_bad(status_quality(rows.status[i])) ? kNothing : number(rows.word[i]);
}

}  // namespace

void numbers_of(ValueType type, const SampleView& rows, std::span<double> into) {
    if (type == ValueType::float64) return fill_numbers(rows, into, [](std::uint64_t word) { return double_of(word); });
    fill_numbers(rows, into, [type](std::uint64_t word) { return number_of(type, word).as_double; });
}

void TrendColumn::add(std::span<const std::int64_t> time, std::span<const StatusWord> status, std::span<const double> number) {
    const auto extremes = extremes_of(number);
    if (extremes.least <= extremes.greatest) note_extremes(extremes.least, extremes.greatest);
    add_area(time, number);
    note_qualities(status, number);
    count += static_cast<std::uint32_t>(number.size());
    note_ends(time.front(), number.front(), time.back(), number.back());
}

// Each holds until the next.
void TrendColumn::add_area(std::span<const std::int64_t> time, std::span<const double> number) {
    double sum = 0;
    std::int64_t held_for = 0;
    for (std::size_t i = 0; i + 1 < number.size(); ++i) {
        if (std::isnan(number[i]) || time[i + 1] == time[i]) continue;  // infinity times nothing would be NaN
        const auto until_next = time[i + 1] - time[i];
        sum += number[i] * seconds_of(until_next);
        held_for += until_next;
    }
    area += sum;
    seconds += seconds_of(held_for);
}

void TrendColumn::add(const SampleSummary& summary) {
    note_quality(summary.worst);
    count += static_cast<std::uint32_t>(summary.count);
    if (!std::isnan(summary.minimum)) note_extremes(summary.minimum, summary.maximum);
    note_ends(summary.first_time, summary.first, summary.last_time, summary.last);
    area += summary.weighted_sum;
    seconds += summary.weighted_seconds;
}

void TrendColumn::hold(double value, QualityCode quality, std::int64_t ns) {
    held = value;
    note_quality(quality);
    if (std::isnan(value)) return;
    area += value * seconds_of(ns);
    seconds += seconds_of(ns);
}

void TrendColumn::note_quality(QualityCode quality) {
    worst = is_known ? worse(worst, quality) : quality;
    is_known = true;
}

// Neighbours mostly have the same.
void TrendColumn::note_qualities(std::span<const StatusWord> status, std::span<const double> number) {
    for (std::size_t i = 0; i < status.size(); ++i) {
        const bool has_number = !std::isnan(number[i]);
        if (i > 0 && status[i] == status[i - 1] && has_number != std::isnan(number[i - 1])) continue;
        const auto quality = status_quality(status[i]);
        note_quality(has_number || is_bad(quality) ? quality : QualityCode::bad);
    }
}

void TrendColumn::note_extremes(double least, double greatest) {
    minimum = std::isnan(minimum) ? least : std::min(minimum, least);
    maximum = std::isnan(maximum) ? greatest : std::max(maximum, greatest);
}

void TrendColumn::note_ends(std::int64_t from, double begin, std::int64_t to, double end) {
    if (from < first_time) {
        first_time = from;
        first = begin;
    }
    if (to >= last_time) {
        last_time = to;
        last = end;
    }
}

std::int64_t TrendColumns::begin(std::size_t k) const {
    return k >= columns_.size() ? to_ : from_ + static_cast<std::int64_t>(std::floor(width_ * static_cast<double>(k)));
}

std::size_t TrendColumns::index(std::int64_t time) const {
    auto k = std::min(columns_.size() - 1, static_cast<std::size_t>(static_cast<double>(time - from_) / width_));
    while (k > 0 && time < begin(k)) --k;
    while (k + 1 < columns_.size() && time >= begin(k + 1)) ++k;
    return k;
}

}  // namespace penstock::history::detail
