#pragma once

// What the archive has of one series in a range: chunks, runs in bundles, minutes and hours. It is known when each begins before it is
// read; chunks are listed no further than needed.
//
//     while (sources.find_next()) {
//         if (auto rows = sources.open_nearest()) ...;   // nothing: damaged, or a bundle, whose runs stand in the list now
//     }
//
// Keys are times, turned around (~time) where the newest come first, so that one order serves both directions.

#include <algorithm>
#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <penstock/historian.hpp>

#include "cells.hpp"
#include "codec/chunk.hpp"
#include "read_connection.hpp"

namespace penstock::sqlite {

using Key = std::int64_t;
inline constexpr Key kNever = std::numeric_limits<Key>::max();

struct Source {
    enum class Kind : std::uint8_t { chunk, bundle, rows, cells };
    Kind kind;
    Key first, last;
    std::uint64_t sequence = 0;
    std::int64_t id = 0;
    std::uint64_t count = 0;
    std::unique_ptr<SampleSummary> summary;  // of a chunk, where summaries are wanted
    std::unique_ptr<RowBuffer> rows;  // of kind rows
    std::shared_ptr<const std::string> bytes;  // what `rows` borrows from
    std::vector<Cell> cells;  // of kind cells, and of rows that were cells
    Grain grain = Grain::minute;
};

// Rows [next, end) of a source, in order of their keys.
struct SourceRows {
    std::uint64_t sequence;
    std::int64_t id;
    std::size_t next, end;
    std::unique_ptr<RowBuffer> rows;
    std::shared_ptr<const std::string> bytes;
    std::vector<Cell> cells;  // beside the rows, if they stand for raw ones
    Grain grain = Grain::minute;
};

class SeriesSources {
public:
    SeriesSources(ReadConnection& connection, Verify verify, const SampleRange& range, std::vector<std::string>& damage);
    ~SeriesSources();
    SeriesSources(const SeriesSources&) = delete;

    [[nodiscard]] Key key_of(std::int64_t time) const noexcept { return is_down_ ? ~time : time; }
    [[nodiscard]] ValueType type() const noexcept { return type_; }
    void want_summaries() noexcept { wants_summaries_ = true; }

    // Lists the next one if none is listed; false at the end.
    [[nodiscard]] bool find_next();
    // Lists all that begin at or before the key.
    void list_until(Key key);
    [[nodiscard]] bool has_listed() const noexcept { return !listed_.empty(); }
    // Where the nearest of the list begins; kNever if it is empty.
    [[nodiscard]] Key next_listed() const noexcept { return listed_.empty() ? kNever : listed_.back().first; }
    // Nothing that is not open yet begins before.
    [[nodiscard]] Key next_possible() const noexcept {
        return has_more_chunks_ ? std::min(next_listed(), horizon_) : next_listed();
    }
    // Rows up to the key went out: what is found later and begins before has missed its place.
    void pass(Key key) noexcept { passed_ = key; }

    // --- preconditions: one is listed ---
    [[nodiscard]] const Source& nearest() const noexcept { return listed_.back(); }
    // It has a summary, lies whole inside the range, and no other that is not open begins before its end. Lists more.
    [[nodiscard]] bool is_nearest_alone();
    Source take_nearest();
    [[nodiscard]] std::optional<SourceRows> open_nearest();

private:
    void load_series();
    void list_bundles();
    void list_cells();
    void begin_chunks();
    void fetch_chunk();  // the next from the summary table into the list, and the horizon behind it
    void find_chunks_without_index();
    void add_unindexed(std::int64_t id, std::uint64_t sequence, const RowBuffer& rows);
    void add(Source source);
    void load_chunk(Source& source);
    void load_bundle(const Source& source);
    void load_cells(Source& source);
    [[nodiscard]] std::optional<SourceRows> cut(Source source);
    void tell_damage_of(const Source& source, const std::string& what);
    void tell_damage(const std::string& what, std::int64_t from, std::int64_t to);

    ReadConnection& connection_;
    Verify verify_;
    SampleRange range_;
    std::vector<std::string>& damage_;
    bool is_down_;
    bool is_empty_;
    bool wants_summaries_ = false;
    Key low_ = 0, high_ = 0;  // inclusive
    std::int64_t raw_from_ = 0, hours_from_ = 0;  // what is before is gone
    std::string name_;
    ValueType type_ = ValueType::none;
    std::int64_t longest_ = 0;
    bool has_more_chunks_ = false;
    Key horizon_ = 0;  // no chunk that is not listed begins before it; only while has_more_chunks_
    std::vector<std::int64_t> fetched_;  // ids of chunks
    std::vector<Source> listed_;  // the nearest last
    Key passed_ = std::numeric_limits<Key>::min();
};

}  // namespace penstock::sqlite
