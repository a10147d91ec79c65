#include "read_connection.hpp"

#include <string>

#include "bundle.hpp"

namespace penstock::sqlite {
namespace {

constexpr std::size_t kMostFree = 4;  // buffers

// Pages are looked at more closely when they are loaded: a few microseconds, once.
constexpr const char* kSettings = "PRAGMA cache_size = -8192; PRAGMA query_only = ON; PRAGMA cell_size_check = ON;";

#define PENSTOCK_SUMMARY_COLUMNS                                                                                               \
    "SELECT id, t0, t1, sequence, count, good, bad, minimum, maximum, minimum_time, maximum_time, first, last, weighted_sum, " \
    "weighted_seconds, worst, transitions, checksum FROM summary WHERE series = ?1 AND t0 BETWEEN ?2 AND ?3 ORDER BY "
constexpr std::string_view kChunksUp = PENSTOCK_SUMMARY_COLUMNS "t0, id";
constexpr std::string_view kChunksDown = PENSTOCK_SUMMARY_COLUMNS "t0 DESC, id DESC";
#undef PENSTOCK_SUMMARY_COLUMNS

// One statement for all levels: as many as there are levels would be half of a short query's time.
std::string bundles_of_all_levels() {
    std::string sql = "WITH place(level, width) AS (VALUES ";
    for (unsigned level = 0; level < kLevels; ++level) {
        if (level > 0) sql += ", ";
        sql += '(' + std::to_string(level) + ", " + std::to_string(shard_width(level)) + ')';
    }
    return sql
           + ") SELECT id, t0, t1 FROM place CROSS JOIN bundle WHERE bundle.level = place.level "
             "AND bundle.shard = ?1 / place.width AND first_series <= ?1 AND last_series >= ?1 AND t0 <= ?3 AND t1 >= ?2";
}

}  // namespace

ReadConnection::ReadConnection(const std::filesystem::path& file, Access access) : database(file, access) {
    database.run(kSettings);
    chunks_up = database.prepare(kChunksUp);
    chunks_down = database.prepare(kChunksDown);
    chunk = database.prepare("SELECT rows FROM chunk WHERE id = ?1");
    bundles = database.prepare(bundles_of_all_levels());
    bundle = database.prepare("SELECT runs FROM bundle WHERE id = ?1");
    series = database.prepare("SELECT name, type, longest, raw_from, hours_from FROM series WHERE id = ?1");
    thinned = database.prepare(
        "SELECT grain, t0, t1, cells FROM thinned WHERE series = ?1 AND grain IN (0, 1) AND t0 BETWEEN ?2 AND ?3 AND t1 >= ?4");
    position = database.prepare("SELECT journal FROM position WHERE id = 0");
    begin = database.prepare("BEGIN");
    end = database.prepare("COMMIT");
}

std::unique_ptr<RowBuffer> ReadConnection::buffer() {
    if (free_.empty()) return std::make_unique<RowBuffer>();
    auto rows = std::move(free_.back());
    free_.pop_back();
    return rows;
}

void ReadConnection::give_back(std::unique_ptr<RowBuffer> rows) {
    if (rows && free_.size() < kMostFree) free_.push_back(std::move(rows));
}

std::unique_ptr<ReadConnection> ReadConnections::take() {
    {
        const std::scoped_lock lock(mutex_);
        if (!idle_.empty()) {
            auto connection = std::move(idle_.back());
            idle_.pop_back();
            return connection;
        }
    }
    return std::make_unique<ReadConnection>(file_, access_);
}

void ReadConnections::put_back(std::unique_ptr<ReadConnection> connection) {
    const std::scoped_lock lock(mutex_);
    if (idle_.size() < kMostIdle) idle_.push_back(std::move(connection));
}

}  // namespace penstock::sqlite
