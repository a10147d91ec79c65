#include "chunk_store.hpp"

#include <sqlite3.h>

#include <algorithm>

#include "summary.hpp"

namespace penstock::sqlite {
namespace {

// Calls `take` with `parts` parts of nearly equal size.
template <class Take>
void in_parts(const SampleView& rows, std::size_t parts, const Take& take) {
    std::size_t first = 0;
    for (std::size_t part = 0; part < parts; ++part) {
        const auto last = rows.size() * (part + 1) / parts;
        take(rows_at(rows, first, last - first));
        first = last;
    }
}

}  // namespace

void ChunkStore::open(Database& database, SeriesTable& series) {
    database_ = &database;
    series_ = &series;
    insert_chunk_ = database.prepare("INSERT INTO chunk(rows) VALUES(?)");
    adopt_chunk_ = database.prepare("INSERT OR IGNORE INTO chunk VALUES(?, ?)");
    insert_summary_ = database.prepare("INSERT INTO summary VALUES(?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)");
}

void ChunkStore::add(SeriesId id, std::uint64_t sequence, const SampleView& rows) {
    auto& series = series_->at(id);
    in_parts(rows, (rows.size() + kMostRows - 1) / kMostRows,
             [&](const SampleView& part) { add_part(series, sequence, part); });
}

void ChunkStore::add_part(Series& series, std::uint64_t sequence, const SampleView& rows) {
    bytes_.clear();
    encode_chunk({series.id, sequence}, rows, series.kind, bytes_);
    if (bytes_.size() <= kMostChunkBytes || rows.size() == 1) {
        store(series, sequence, rows);
        return;
    }
    const auto parts = std::min(rows.size(), bytes_.size() / kMostChunkBytes + 1);
    in_parts(rows, parts, [&](const SampleView& part) { add_part(series, sequence, part); });
}

void ChunkStore::store(Series& series, std::uint64_t sequence, const SampleView& rows) {
    insert_chunk_.bind_blob(1, bytes_).run();
    store_facts(series, sequence, sqlite3_last_insert_rowid(database_->handle()), rows);
}

bool ChunkStore::adopt(std::int64_t id, const ChunkKey& key, std::string_view bytes, const SampleView& rows) {
    adopt_chunk_.bind(1, id).bind_blob(2, bytes).run();
    if (sqlite3_changes(database_->handle()) == 0) return false;
    store_facts(series_->at(key.series), key.sequence, id, rows);
    return true;
}

void ChunkStore::store_facts(Series& series, std::uint64_t sequence, std::int64_t id, const SampleView& rows) {
    store_summary(series, sequence, id, rows);
    std::int64_t covered = 0;
    if (__builtin_sub_overflow(rows.time.back(), rows.time.front(), &covered)) covered = kEndless;
    series_->note_chunk(series, covered);
}

void ChunkStore::store_summary(const Series& series, std::uint64_t sequence, std::int64_t id, const SampleView& rows) {
    const auto summary = summary_of(rows, series.kind.type);
    const auto count = [](std::uint64_t number) { return static_cast<std::int64_t>(number); };
    insert_summary_.bind(1, std::int64_t{series.id}).bind(2, summary.first_time).bind(3, id).bind(4, summary.last_time);
    insert_summary_.bind(5, count(sequence))
        .bind(6, count(summary.count))
        .bind(7, count(summary.good))
        .bind(8, count(summary.bad));
    insert_summary_.bind(9, summary.minimum).bind(10, summary.maximum);
    insert_summary_.bind(11, wrapped_difference(summary.minimum_time, summary.first_time));
    insert_summary_.bind(12, wrapped_difference(summary.maximum_time, summary.first_time));
    insert_summary_.bind(13, summary.first).bind(14, summary.last);
    insert_summary_.bind(15, summary.weighted_sum).bind(16, summary.weighted_seconds);
    insert_summary_.bind(17, static_cast<std::int64_t>(summary.worst)).bind(18, count(summary.transitions));
    const SummaryRow row{series.id, static_cast<std::uint64_t>(id), sequence, summary};
    insert_summary_.bind(19, std::int64_t{row.checksum()}).run();
}

}  // namespace penstock::sqlite
