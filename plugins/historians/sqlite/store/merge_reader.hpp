#pragma once

// One query: the sources of a series (chunks, runs in bundles) merged into order of (time, arrival), or the reverse.
//
// Keys are times, turned around (~time) where the newest come first, so that one algorithm serves both directions. Sources are
// opened when their first key is reached; at any moment those that overlap are open, normally one.

#include <limits>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <penstock/historian.hpp>

#include "cells.hpp"
#include "codec/chunk.hpp"
#include "read_connection.hpp"

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
    using Key = std::int64_t;
    enum class Kind : std::uint8_t { chunk, bundle, rows, cells };
    struct Pending {
        Kind kind;
        Key first, last;
        std::uint64_t sequence = 0;
        std::int64_t id = 0;
        std::uint64_t count = 0;
        std::unique_ptr<SampleSummary> summary;
        std::unique_ptr<RowBuffer> rows;           // of kind rows
        std::shared_ptr<const std::string> bytes;  // what `rows` borrows from
        std::vector<Cell> cells;                   // of kind cells, and of rows that were cells
        Grain grain = Grain::minute;
    };
    struct Open {
        std::uint64_t sequence;
        std::int64_t id;
        std::size_t next, end;
        std::unique_ptr<RowBuffer> rows;
        std::shared_ptr<const std::string> bytes;
        std::vector<Cell> cells;  // beside the rows, if they stand for raw ones
        Grain grain = Grain::minute;
    };

    [[nodiscard]] Key key_of(std::int64_t time) const noexcept { return is_down_ ? ~time : time; }
    void load_series();
    void list_bundles();
    void list_cells();
    void begin_chunks();
    void fetch_chunk();  // the next from the summary table into pending_, and the horizon behind it
    void find_chunks_without_index();
    void add_unindexed(std::int64_t id, std::string_view bytes, RowBuffer& rows);
    void add_pending(Pending pending);
    void fetch_until(Key key);
    void activate(Pending pending);
    void activate_chunk(Pending& pending);
    void activate_bundle(Pending& pending);
    void activate_cells(Pending& pending);
    void open_rows(Pending& pending);
    void tell_damage_of(const Pending& pending, const std::string& what);
    [[nodiscard]] Key head(const Open& open) const noexcept { return key_of(open.rows->time[open.next]); }
    [[nodiscard]] std::size_t best_open() const noexcept;
    [[nodiscard]] bool comes_first(const Open& a, const Open& b) const noexcept;  // of rows with equal times
    // Up to which row the best goes before another source's.
    [[nodiscard]] std::size_t end_of_piece(std::size_t best) const noexcept;
    // Opens what begins at or before the next row. False at the end.
    bool prepare();
    bool emit_cells(SummarySink& into);  // each as a summary, where it lies whole inside
    // The next rows that nothing else comes between. `take(view)`, false: enough.
    template <class Take>
    bool emit(const Take& take);
    [[nodiscard]] bool lies_in_one_cell(std::int64_t first, std::int64_t last) const noexcept;
    [[nodiscard]] bool goes_as_summary();  // the nearest pending one
    void tell_damage(const std::string& what, std::int64_t from, std::int64_t to);
    [[nodiscard]] std::unique_ptr<RowBuffer> buffer();
    void give_back(std::unique_ptr<RowBuffer> rows);

    ReadConnection& connection_;
    Verify verify_;
    SampleRange range_;
    std::vector<std::string>& damage_;
    bool is_down_;
    bool is_empty_ = false;
    Key low_ = 0, high_ = 0;                      // inclusive
    std::int64_t raw_from_ = 0, hours_from_ = 0;  // what is before is gone
    std::string name_;
    ValueType type_ = ValueType::none;
    std::int64_t longest_ = 0;
    std::int64_t most_span_ = 0;  // 0: no summaries
    std::uint64_t skip_ = 0;
    bool has_more_chunks_ = false;
    Key horizon_ = 0;  // no chunk that is not fetched begins before it; only while has_more_chunks_
    std::vector<std::int64_t> fetched_;  // ids of chunks
    std::vector<Pending> pending_;  // the nearest last
    bool is_summary_next_ = false;   // the nearest pending one goes as a summary
    std::vector<Open> open_;
    Key emitted_ = std::numeric_limits<Key>::min();  // the last row's
};

}  // namespace penstock::sqlite
