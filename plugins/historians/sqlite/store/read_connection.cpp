#include "read_connection.hpp"

namespace penstock::sqlite {
namespace {

// A reader maps what it reads: pages that others have in the system's cache cost it no call and no copy. Damage to a file that
// shrinks under a map would end the process, but nobody shrinks this one.
constexpr const char* kSettings = "PRAGMA cache_size = -8192; PRAGMA query_only = ON;";

constexpr std::string_view kChunksUp =
    "SELECT id, t0, t1, sequence, count, good, bad, minimum, maximum, minimum_time, maximum_time, first, last, weighted_sum, "
    "weighted_seconds, worst, transitions FROM summary WHERE series = ?1 AND t0 BETWEEN ?2 AND ?3 ORDER BY t0, id";
constexpr std::string_view kChunksDown =
    "SELECT id, t0, t1, sequence, count FROM summary WHERE series = ?1 AND t0 BETWEEN ?2 AND ?3 ORDER BY t0 DESC, id DESC";

}  // namespace

ReadConnection::ReadConnection(const std::filesystem::path& file) : database(file, Access::read) {
    database.run(kSettings);
    chunks_up = database.prepare(kChunksUp);
    chunks_down = database.prepare(kChunksDown);
    chunk = database.prepare("SELECT rows FROM chunk WHERE id = ?1");
    bundles = database.prepare(
        "SELECT id, t0, t1 FROM bundle WHERE level = ?1 AND shard = ?2 AND first_series <= ?3 AND last_series >= ?3 AND t0 <= "
        "?5 "
        "AND t1 >= ?4");
    bundle = database.prepare("SELECT runs FROM bundle WHERE id = ?1");
    series = database.prepare("SELECT name, type, longest FROM series WHERE id = ?1");
    position = database.prepare("SELECT journal FROM position WHERE id = 0");
    levels = database.prepare("SELECT level FROM bundle ORDER BY level DESC LIMIT 1");
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
    return std::make_unique<ReadConnection>(file_);
}

void ReadConnections::put_back(std::unique_ptr<ReadConnection> connection) {
    const std::scoped_lock lock(mutex_);
    if (idle_.size() < kMostIdle) idle_.push_back(std::move(connection));
}

}  // namespace penstock::sqlite
