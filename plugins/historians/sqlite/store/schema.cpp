#include "schema.hpp"

#include <sqlite3.h>

#include <string>

#include "first_page.hpp"
#include "page_seal.hpp"

namespace penstock::sqlite {
namespace {

constexpr int kVersion = 2;  // pages have seals
constexpr int kApplication = 0x50656E61;  // "Pena": what `file` may say of it

// Large pages: a chunk of a kilobyte costs no page of its own, and a merge touches few. Nothing is zeroed when it is deleted.
constexpr const char* kSettings = R"(
    PRAGMA page_size = 16384;
    PRAGMA journal_mode = WAL;
    PRAGMA synchronous = FULL;
    PRAGMA cache_size = -65536;
    PRAGMA secure_delete = OFF;
    PRAGMA temp_store = MEMORY;
    PRAGMA journal_size_limit = 67108864;
)";

constexpr const char* kTables = R"(
    CREATE TABLE series(
        id INTEGER PRIMARY KEY, name TEXT NOT NULL, unit TEXT NOT NULL, type INTEGER NOT NULL, step REAL, "offset" REAL,
        keep_raw INTEGER NOT NULL, keep_minutes INTEGER NOT NULL, keep_hours INTEGER NOT NULL, longest INTEGER NOT NULL,
        raw_from INTEGER, hours_from INTEGER, held_status INTEGER, held_word INTEGER);
    CREATE TABLE series_spare(
        id INTEGER PRIMARY KEY, name TEXT NOT NULL, unit TEXT NOT NULL, type INTEGER NOT NULL, step REAL, "offset" REAL,
        keep_raw INTEGER NOT NULL, keep_minutes INTEGER NOT NULL, keep_hours INTEGER NOT NULL, longest INTEGER NOT NULL,
        raw_from INTEGER, hours_from INTEGER, held_status INTEGER, held_word INTEGER);
    CREATE TRIGGER series_made AFTER INSERT ON series BEGIN
        DELETE FROM series_spare WHERE id = NEW.id;
        INSERT INTO series_spare SELECT * FROM series WHERE id = NEW.id;
    END;
    CREATE TRIGGER series_changed AFTER UPDATE ON series BEGIN
        DELETE FROM series_spare WHERE id = NEW.id;
        INSERT INTO series_spare SELECT * FROM series WHERE id = NEW.id;
    END;
    CREATE INDEX series_name ON series(name);
    CREATE TABLE chunk(id INTEGER PRIMARY KEY, rows BLOB NOT NULL);
    CREATE TABLE summary(
        series INTEGER NOT NULL, t0 INTEGER NOT NULL, id INTEGER NOT NULL, t1 INTEGER NOT NULL, sequence INTEGER NOT NULL,
        count INTEGER NOT NULL, good INTEGER NOT NULL, bad INTEGER NOT NULL, minimum REAL, maximum REAL, minimum_time INTEGER NOT NULL,
        maximum_time INTEGER NOT NULL, first REAL, last REAL, weighted_sum REAL, weighted_seconds REAL NOT NULL,
        worst INTEGER NOT NULL, transitions INTEGER NOT NULL, checksum INTEGER NOT NULL, PRIMARY KEY(series, t0, id)) WITHOUT ROWID;
    CREATE TABLE bundle(
        id INTEGER PRIMARY KEY, level INTEGER NOT NULL, shard INTEGER NOT NULL, first_series INTEGER NOT NULL,
        last_series INTEGER NOT NULL, t0 INTEGER NOT NULL, t1 INTEGER NOT NULL, sequence INTEGER NOT NULL, rows INTEGER NOT NULL,
        runs BLOB NOT NULL);
    CREATE INDEX bundle_place ON bundle(level, shard, first_series, last_series, t0, t1);
    CREATE TABLE thinned(
        series INTEGER NOT NULL, grain INTEGER NOT NULL, t0 INTEGER NOT NULL, t1 INTEGER NOT NULL, count INTEGER NOT NULL,
        cells BLOB NOT NULL, PRIMARY KEY(series, grain, t0)) WITHOUT ROWID;
    CREATE TABLE position(
        id INTEGER PRIMARY KEY CHECK(id = 0), journal INTEGER NOT NULL, sequence INTEGER NOT NULL, samples INTEGER NOT NULL,
        oldest INTEGER);
    CREATE TABLE position_spare(
        id INTEGER PRIMARY KEY CHECK(id = 0), journal INTEGER NOT NULL, sequence INTEGER NOT NULL, samples INTEGER NOT NULL,
        oldest INTEGER);
    CREATE TRIGGER position_changed AFTER UPDATE ON position BEGIN
        UPDATE position_spare SET journal = NEW.journal, sequence = NEW.sequence, samples = NEW.samples, oldest = NEW.oldest;
    END;
    INSERT INTO position VALUES(0, 0, 0, 0, NULL);
    INSERT INTO position_spare VALUES(0, 0, 0, 0, NULL);
)";

void make_tables(Database& database) {
    Transaction transaction(database);
    database.run(kTables);
    database.run(("PRAGMA application_id = " + std::to_string(kApplication)).c_str());
    database.run(("PRAGMA user_version = " + std::to_string(kVersion)).c_str());
    transaction.commit();
}

}  // namespace

Database open_archive(const std::filesystem::path& folder) {
    restore_length(folder / kArchiveFile);
    return open_archive_file(folder / kArchiveFile);
}

Database open_archive_file(const std::filesystem::path& file) {
    Database database(file, Access::create);
    int seal = kSealBytes;
    sqlite3_file_control(database.handle(), "main", SQLITE_FCNTL_RESERVE_BYTES, &seal);
    database.run(kSettings);
    if (database.integer("SELECT count(*) FROM sqlite_schema") == 0) make_tables(database);
    const auto application = database.integer("PRAGMA application_id");
    const auto version = database.integer("PRAGMA user_version");
    if (application != kApplication || version != kVersion) {
        throw LinkError(Error(ErrorCode::unsupported,
                              "found application " + std::to_string(application) + ", version " + std::to_string(version)
                                  + "; wanted an archive of Penstock (" + std::to_string(kApplication) + "), version "
                                  + std::to_string(kVersion),
                              file.string()));
    }
    return database;
}

}  // namespace penstock::sqlite
