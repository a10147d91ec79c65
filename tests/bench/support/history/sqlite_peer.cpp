#include "tests/bench/support/history/sqlite_peer.hpp"

#include <sqlite3.h>

#include <cstdio>
#include <cstdlib>

namespace penstock::bench {
namespace {

constexpr const char* kTables[] = {
    "CREATE TABLE sample(tag INTEGER, time INTEGER, status INTEGER, value)",
    "CREATE TABLE sample(tag INTEGER, time INTEGER, status INTEGER, value); CREATE INDEX sample_tag ON sample(tag, time)",
    ("CREATE TABLE sample(tag INTEGER, time INTEGER, sequence INTEGER, status INTEGER, value, "
     "PRIMARY KEY(tag, time, sequence)) WITHOUT ROWID"),
};

}  // namespace

SqlitePeer::SqlitePeer(const std::filesystem::path& file, SqliteLayout layout)
    : has_sequence_(layout == SqliteLayout::without_rowid) {
    check(sqlite3_open(file.c_str(), &database_));
    execute("PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;");
    execute(kTables[static_cast<unsigned>(layout)]);
    insert_ = prepare(has_sequence_ ? "INSERT INTO sample(tag, time, status, value, sequence) VALUES(?,?,?,?,?)"
                                    : "INSERT INTO sample(tag, time, status, value) VALUES(?,?,?,?)");
}

SqlitePeer::~SqlitePeer() {
    sqlite3_finalize(insert_);
    sqlite3_close(database_);
}

void SqlitePeer::check(int code) const {
    if (code == SQLITE_OK || code == SQLITE_DONE || code == SQLITE_ROW) return;
    std::fprintf(stderr, "the SQLite peer failed: %s\n", sqlite3_errmsg(database_));
    std::exit(1);
}

void SqlitePeer::execute(const char* sql) { check(sqlite3_exec(database_, sql, nullptr, nullptr, nullptr)); }

sqlite3_stmt* SqlitePeer::prepare(const char* sql) {
    sqlite3_stmt* statement = nullptr;
    check(sqlite3_prepare_v2(database_, sql, -1, &statement, nullptr));
    return statement;
}

void SqlitePeer::begin() { execute("BEGIN"); }
void SqlitePeer::commit() { execute("COMMIT"); }

void SqlitePeer::insert(std::uint32_t tag, const SignalSample& sample) {
    sqlite3_bind_int64(insert_, 1, tag);
    sqlite3_bind_int64(insert_, 2, sample.time);
    sqlite3_bind_int64(insert_, 3, sample.status);
    sqlite3_bind_int64(insert_, 4, static_cast<std::int64_t>(sample.word));
    if (has_sequence_) sqlite3_bind_int64(insert_, 5, ++sequence_);
    check(sqlite3_step(insert_));
    sqlite3_reset(insert_);
}

void SqlitePeer::insert_number(std::uint32_t tag, const SignalSample& sample, double number) {
    sqlite3_bind_int64(insert_, 1, tag);
    sqlite3_bind_int64(insert_, 2, sample.time);
    sqlite3_bind_int64(insert_, 3, sample.status);
    sqlite3_bind_double(insert_, 4, number);
    if (has_sequence_) sqlite3_bind_int64(insert_, 5, ++sequence_);
    check(sqlite3_step(insert_));
    sqlite3_reset(insert_);
}

SqlitePeer::Scan SqlitePeer::scan(std::uint32_t tag, std::int64_t from, std::int64_t to, std::uint64_t limit) {
    auto* statement =
        prepare("SELECT time, status, value FROM sample WHERE tag=? AND time>=? AND time<? ORDER BY time LIMIT ?");
    sqlite3_bind_int64(statement, 1, tag);
    sqlite3_bind_int64(statement, 2, from);
    sqlite3_bind_int64(statement, 3, to);
    sqlite3_bind_int64(statement, 4, limit > INT64_MAX ? INT64_MAX : static_cast<std::int64_t>(limit));
    Scan scan;
    int code = SQLITE_ROW;
    while ((code = sqlite3_step(statement)) == SQLITE_ROW) {
        ++scan.rows;
        scan.sum += static_cast<std::uint64_t>(sqlite3_column_int64(statement, 0) + sqlite3_column_int64(statement, 1)
                                               + sqlite3_column_int64(statement, 2));
    }
    check(code);
    sqlite3_finalize(statement);
    return scan;
}

std::uint64_t SqlitePeer::group(std::uint32_t tag, std::int64_t from, std::int64_t to, std::uint32_t columns) {
    auto* statement = prepare(
        "SELECT (time - ?2) / ?4 AS part, min(value), max(value), avg(value) FROM sample WHERE tag=?1 AND time>=?2 AND time<?3 "
        "GROUP BY part");
    sqlite3_bind_int64(statement, 1, tag);
    sqlite3_bind_int64(statement, 2, from);
    sqlite3_bind_int64(statement, 3, to);
    sqlite3_bind_int64(statement, 4, (to - from + columns - 1) / columns);
    std::uint64_t groups = 0;
    int code = SQLITE_ROW;
    while ((code = sqlite3_step(statement)) == SQLITE_ROW) ++groups;
    check(code);
    sqlite3_finalize(statement);
    return groups;
}

}  // namespace penstock::bench
