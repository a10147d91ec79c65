#pragma once

// One query: the sources of a series merged into order of (time, arrival), or the reverse. A source is opened when its first key is
// reached; at any moment those that overlap are open, normally one, and its rows go on as they were decoded, without a copy.

#include <string>
#include <vector>

#include <penstock/historian.hpp>

#include "series_sources.hpp"

namespace penstock::sqlite {

class MergeReader {
public:
    MergeReader(ReadConnection& connection, Verify verify, const SampleRange& range, std::vector<std::string>& damage);
    ~MergeReader();
    MergeReader(const MergeReader&) = delete;

    void read(SampleSink& into);
    // Chunks that lie alone inside one cell of `most_span` (counted from the range's begin) go as summaries.
    void summarise(std::int64_t most_span, SummarySink& into);

private:
    // Opens what begins at or before the next row. False at the end.
    bool prepare();
    [[nodiscard]] bool goes_as_summary();  // the nearest source
    [[nodiscard]] Key head(const SourceRows& open) const noexcept { return sources_.key_of(open.rows->time[open.next]); }
    [[nodiscard]] std::size_t best_open() const noexcept;
    [[nodiscard]] bool comes_first(const SourceRows& a, const SourceRows& b) const noexcept;  // of rows with equal times
    // Up to which row the best goes before another source's.
    [[nodiscard]] std::size_t end_of_piece(std::size_t best) const noexcept;
    // The next rows that nothing else comes between. `take(view)`, false: enough.
    template <class Take>
    bool emit(const Take& take);
    bool emit_cells(SummarySink& into);  // each as a summary, where it lies whole inside
    [[nodiscard]] bool lies_in_one_cell(std::int64_t first, std::int64_t last) const noexcept;

    ReadConnection& connection_;
    SampleRange range_;
    SeriesSources sources_;
    std::uint64_t skip_;
    std::int64_t most_span_ = 0;  // 0: no summaries
    bool is_summary_next_ = false;  // the nearest source goes as its summary
    std::vector<SourceRows> open_;
};

}  // namespace penstock::sqlite
