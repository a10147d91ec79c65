#include "gather.hpp"

#include <algorithm>
#include <numeric>
#include <utility>

namespace penstock::sqlite {
namespace {

// One pass of a radix sort over 16 bits of the series' ids; stable. Nothing if all have the same.
void sort_by_digit(std::vector<SeriesRun>& runs, std::vector<SeriesRun>& other, unsigned shift) {
    std::vector<std::uint32_t> starts(65'537);
    const auto digit = [&](const SeriesRun& run) { return run.series >> shift & 0xFFFFU; };
    for (const auto& run : runs) ++starts[digit(run) + 1];
    if (std::ranges::find(starts, runs.size()) != starts.end()) return;
    std::partial_sum(starts.begin(), starts.end(), starts.begin());
    other.resize(runs.size());
    for (const auto& run : runs) other[starts[digit(run)]++] = run;
    runs.swap(other);
}

template <class Column>
void sort_column(Column& column, const std::vector<std::uint32_t>& order) {
    auto sorted = column;
    for (std::size_t i = 0; i < order.size(); ++i) sorted[i] = column[order[i]];
    column.swap(sorted);
}

}  // namespace

void Gather::sort_runs() {
    if (std::ranges::is_sorted(runs_, {}, &SeriesRun::series)) return;
    sort_by_digit(runs_, sorted_, 0);
    sort_by_digit(runs_, sorted_, 16);
}

SampleView Gather::rows_of(const SampleView& all, std::size_t first, std::size_t last) {
    std::size_t rows = 0;
    for (auto i = first; i < last; ++i) rows += runs_[i].count;
    time_.resize(rows);
    status_.resize(rows);
    word_.resize(rows);
    // Runs of one row are the rule where there are many series: a loop, where calls for each column would cost more than the rows.
    std::size_t to = 0;
    for (auto i = first; i < last; ++i) {
        for (auto row = runs_[i].first; row < runs_[i].first + runs_[i].count; ++row, ++to) {
            time_[to] = all.time[row];
            status_[to] = all.status[row];
            word_[to] = all.word[row];
        }
    }
    if (!std::ranges::is_sorted(time_)) {
        std::vector<std::uint32_t> order(time_.size());
        std::iota(order.begin(), order.end(), 0U);
        std::ranges::sort(order, {}, [&](auto row) { return std::pair(time_[row], row); });
        sort_column(status_, order);
        sort_column(word_, order);
        sort_column(time_, order);
    }
    return {time_, status_, word_, all.blob, all.causes};
}

void Gather::clear() noexcept {
    runs_.clear();
    all_.clear();
}

}  // namespace penstock::sqlite
