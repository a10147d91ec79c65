#pragma once

// The series that were defined, in memory and in the table `series`.

#include <cstdint>
#include <limits>
#include <span>
#include <string>
#include <unordered_map>

#include <penstock/historian.hpp>

#include "cells.hpp"
#include "codec/rows.hpp"
#include "database.hpp"

namespace penstock::sqlite {

// The longest time that a chunk can be said to cover: one that covers more than an int64 holds covers everything.
inline constexpr std::int64_t kEndless = std::numeric_limits<std::int64_t>::max();

[[nodiscard]] constexpr std::int64_t earlier_by(std::int64_t time, std::int64_t span) noexcept {
    constexpr auto least = std::numeric_limits<std::int64_t>::min();
    return span == kEndless || time < least + span ? least : time - span;
}
[[nodiscard]] constexpr std::int64_t later_by(std::int64_t time, std::int64_t span) noexcept {
    constexpr auto most = std::numeric_limits<std::int64_t>::max();
    return span == kEndless || time > most - span ? most : time + span;
}

struct Series {
    SeriesId id = 0;
    RowKind kind;
    std::int64_t keep_raw = 0, keep_minutes = 0, keep_hours = 0;  // ns
    std::int64_t longest = 0;  // the longest time that a chunk covers; 0 also where there is no chunk
    bool has_chunks = false;
    std::int64_t newest = std::numeric_limits<std::int64_t>::min();  // time that was stored since the start
    // Raw samples and hours before are gone; and what held at raw_from.
    std::int64_t raw_from = std::numeric_limits<std::int64_t>::min(), hours_from = raw_from;
    MinuteMaker::Held held;
};

class SeriesTable {
public:
    // Throws Damaged after what could be read: the rest comes with define().
    void open(Database& database);
    // Own transaction.
    void define(std::span<const SeriesInfo> series);
    // Throws LinkError for one that was not defined.
    [[nodiscard]] Series& at(SeriesId id);
    [[nodiscard]] bool has_texts(SeriesId id) { return !is_scalar_word(at(id).kind.type); }
    // A chunk that covers so long was stored, in the running transaction.
    void note_chunk(Series& series, std::int64_t covered);
    // Its borders and what it held, in the running transaction.
    void save_borders(const Series& series);
    [[nodiscard]] const std::unordered_map<SeriesId, Series>& all() const noexcept { return series_; }

private:
    // All that is told of a series, as ?1 to ?9.
    static Statement& bind(Statement& statement, const SeriesInfo& info);
    [[nodiscard]] bool is_stored(const SeriesInfo& info);

    Database* database_ = nullptr;
    std::unordered_map<SeriesId, Series> series_;
    Statement find_same_, insert_, change_, set_longest_, set_borders_;
};

}  // namespace penstock::sqlite
