#pragma once

// Retention, by age: raw samples older than keep_raw become minutes, what is older than keep_minutes hours, what is older than
// keep_hours nothing. Strings and arrays have no averages: they stay as they are for the longest of the three.
//
// Borders move in steps (step_of), so that whole chunks go and cells are stored many at once: what is kept may be older than asked by
// one step. Raw rows before a series' `raw_from` are not there any more for any reader, also where their chunk or bundle still is.

#include <memory>
#include <optional>
#include <vector>

#include "bundle_store.hpp"
#include "cells.hpp"
#include "oldest.hpp"
#include "read_connection.hpp"
#include "series_table.hpp"

namespace penstock::sqlite {

// A day for 4 days and more, six hours for a day and more, an hour for four hours, else a minute.
[[nodiscard]] std::int64_t step_of(std::int64_t keep) noexcept;

class Thinner {
public:
    Thinner(Database& database, SeriesTable& series, BundleStore& bundles, std::shared_ptr<ReadConnections> connections);

    struct OldestTime {
        std::optional<std::int64_t> time;  // nothing: nothing is left
    };
    struct Progress {
        bool has_more = false;
        std::int64_t samples = 0;  // raw ones that went
        std::optional<OldestTime> oldest;  // if it may have moved
    };
    // One transaction of about `budget`, in a sweep over all series; one sweep every ten minutes of the plant's time.
    [[nodiscard]] Progress step(std::int64_t now, Duration budget);

private:
    void begin_sweep(std::int64_t now);
    [[nodiscard]] bool find_oldest(Progress& progress);
    void thin(Series& series);
    void thin_raw(Series& series, std::int64_t border, bool makes_cells);
    void thin_minutes(const Series& series, std::int64_t border);
    void drop_hours(Series& series, std::int64_t border);
    void store_cells(SeriesId series, Grain grain, std::span<const Cell> cells);
    void drop_chunks(SeriesId series, std::int64_t border);
    void clean_bundle(std::int64_t id);

    Database& database_;
    SeriesTable& series_;
    BundleStore& bundles_;
    std::shared_ptr<ReadConnections> connections_;
    Statement insert_, select_cells_, delete_cells_, drop_hours_, old_chunks_, delete_chunk_, delete_summary_, oldest_hours_;
    std::int64_t now_ = 0, next_sweep_ = 0;
    bool is_sweeping_ = false;
    std::vector<SeriesId> waiting_;
    std::vector<std::int64_t> waiting_bundles_;
    std::int64_t cleaned_until_ = std::numeric_limits<std::int64_t>::min();
    std::int64_t went_ = 0;
    bool has_dropped_ = false;
    std::optional<OldestFinder> finder_;
    std::vector<SeriesId> measured_;
};

}  // namespace penstock::sqlite
