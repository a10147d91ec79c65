#include "series_table.hpp"

#include <sqlite3.h>

namespace penstock::sqlite {

void SeriesTable::open(Database& database) {
    database_ = &database;
    find_same_ = database.prepare(
        "SELECT 1 FROM series WHERE id = ?1 AND name = ?2 AND unit = ?3 AND type = ?4 AND step = ?5 AND \"offset\" = ?6 AND "
        "keep_raw = ?7 AND keep_minutes = ?8 AND keep_hours = ?9");
    // OR FAIL: the caller's transaction is rolled back as a whole, so that SQLite need not be able to undo a single statement, for which
    // it would copy every page that one touches.
    insert_ =
        database.prepare("INSERT OR FAIL INTO series VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, 0, NULL, NULL, NULL, NULL)");
    change_ = database.prepare(
        "UPDATE OR FAIL series SET name = ?2, unit = ?3, type = ?4, step = ?5, \"offset\" = ?6, keep_raw = ?7, keep_minutes = "
        "?8, "
        "keep_hours = ?9 WHERE id = ?1");
    set_longest_ = database.prepare("UPDATE OR FAIL series SET longest = ?2 WHERE id = ?1");
    set_borders_ = database.prepare(
        "UPDATE OR FAIL series SET raw_from = ?2, hours_from = ?3, held_status = ?4, held_word = ?5 WHERE id = ?1");
    auto rows = database.prepare(
        "SELECT id, type, step, \"offset\", keep_raw, keep_minutes, keep_hours, longest, raw_from, hours_from, held_status, "
        "held_word FROM series");
    while (rows.step()) {
        Series series;
        series.id = static_cast<SeriesId>(rows.integer(0));
        series.kind = {static_cast<ValueType>(rows.integer(1)), {rows.real(2), rows.real(3)}};
        series.keep_raw = rows.integer(4);
        series.keep_minutes = rows.integer(5);
        series.keep_hours = rows.integer(6);
        series.longest = rows.integer(7);
        series.has_chunks = true;  // perhaps
        if (!rows.is_null(8)) series.raw_from = rows.integer(8);
        if (!rows.is_null(9)) series.hours_from = rows.integer(9);
        if (!rows.is_null(10))
            series.held = {true, static_cast<StatusWord>(rows.integer(10)), static_cast<std::uint64_t>(rows.integer(11))};
        series_[series.id] = series;
    }
}

void SeriesTable::define(std::span<const SeriesInfo> infos) {
    Transaction transaction(*database_);
    for (const auto& info : infos) {
        auto& series = series_[info.id];
        series.id = info.id;
        series.kind = {info.type, {info.step, info.offset}};
        series.keep_raw = info.keep_raw.count();
        series.keep_minutes = info.keep_minutes.count();
        series.keep_hours = info.keep_hours.count();
        if (is_stored(info)) continue;
        bind(change_, info).run();
        if (sqlite3_changes(database_->handle()) == 0) bind(insert_, info).run();
    }
    transaction.commit();
}

Statement& SeriesTable::bind(Statement& statement, const SeriesInfo& info) {
    statement.bind(1, std::int64_t{info.id}).bind_text(2, info.name).bind_text(3, info.unit);
    statement.bind(4, static_cast<std::int64_t>(info.type)).bind(5, info.step).bind(6, info.offset);
    return statement.bind(7, info.keep_raw.count()).bind(8, info.keep_minutes.count()).bind(9, info.keep_hours.count());
}

bool SeriesTable::is_stored(const SeriesInfo& info) {
    const bool is_same = bind(find_same_, info).step();
    find_same_.reset();
    return is_same;
}

Series& SeriesTable::at(SeriesId id) {
    const auto found = series_.find(id);
    if (found != series_.end()) return found->second;
    throw LinkError(
        Error(ErrorCode::invalid_argument, "samples of series " + std::to_string(id) + ", which was never defined"));
}

void SeriesTable::save_borders(const Series& series) {
    set_borders_.bind(1, std::int64_t{series.id}).bind(2, series.raw_from).bind(3, series.hours_from);
    if (series.held.is_known)
        set_borders_.bind(4, std::int64_t{series.held.status}).bind(5, static_cast<std::int64_t>(series.held.word));
    else
        set_borders_.bind_null(4).bind_null(5);
    set_borders_.run();
}

void SeriesTable::note_chunk(Series& series, std::int64_t covered) {
    series.has_chunks = true;
    if (covered <= series.longest) return;
    series.longest = covered;
    set_longest_.bind(1, std::int64_t{series.id}).bind(2, covered).run();
}

}  // namespace penstock::sqlite
