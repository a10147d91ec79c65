#pragma once

// What was appended since the last flush, as it came: appending copies columns and nothing else. At the flush it is told by series.

#include <cstdint>
#include <vector>

#include <penstock/historian.hpp>

#include "columns.hpp"

namespace penstock::sqlite {

class Gather {
public:
    // `has_texts(series)` says whose words point into the blob.
    template <class HasTexts>
    void add(const HistoryBatch& batch, const HasTexts& has_texts);

    // Each series once, in order of their ids: its rows in order of time, equal times as they came. `take(series, view)`.
    template <class Take>
    void for_each_series(const Take& take);

    void clear() noexcept;
    [[nodiscard]] std::uint64_t rows() const noexcept { return all_.size(); }
    [[nodiscard]] std::uint64_t bytes() const noexcept { return all_.bytes() + runs_.size() * sizeof(SeriesRun); }
    // Status words have 16 bits for a cause, words of texts 32 for a place.
    [[nodiscard]] bool has_room_for(const HistoryBatch& batch) const noexcept {
        return all_.cause_count() + batch.samples.causes.size() < 0xFFFF
               && all_.blob_size() + batch.samples.blob.size() < std::uint64_t{1} << 31U;
    }

private:
    void sort_runs();
    // Rows of runs_[first, last), sorted by time.
    [[nodiscard]] SampleView rows_of(const SampleView& all, std::size_t first, std::size_t last);

    std::vector<SeriesRun> runs_, sorted_;
    Columns all_;
    std::vector<std::int64_t> time_;
    std::vector<StatusWord> status_;
    std::vector<std::uint64_t> word_;
};

template <class HasTexts>
void Gather::add(const HistoryBatch& batch, const HasTexts& has_texts) {
    const auto first = static_cast<std::uint32_t>(all_.size());
    const auto shift = all_.blob_size();
    all_.append(batch.samples);
    for (const auto& run : batch.runs) {
        runs_.push_back({run.series, run.first + first, run.count});
        if (shift != 0 && has_texts(run.series)) all_.shift_texts(runs_.back().first, run.count, shift);
    }
}

template <class Take>
void Gather::for_each_series(const Take& take) {
    sort_runs();
    const auto all = all_.view();
    for (std::size_t first = 0; first < runs_.size();) {
        auto last = first + 1;
        while (last < runs_.size() && runs_[last].series == runs_[first].series) ++last;
        take(runs_[first].series, rows_of(all, first, last));
        first = last;
    }
}

}  // namespace penstock::sqlite
