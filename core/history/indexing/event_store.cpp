#include "core/history/indexing/event_store.hpp"

#include <limits>
#include <system_error>
#include <utility>

#include "core/base/crc32c.hpp"
#include "core/journal/event_record.hpp"

namespace penstock::history {
namespace {

constexpr std::int64_t kFormat = 1;

// NORMAL: in WAL mode a power cut may take the last transactions, which are then made again, but never breaks the file.
constexpr const char* kSettings =
    "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA journal_size_limit=16777216;"
    "PRAGMA cache_size=-8192;";
constexpr const char* kTables =
    "BEGIN;"
    "CREATE TABLE state(key TEXT PRIMARY KEY, value) WITHOUT ROWID;"
    // `folded` is the sentence without case, for searches; `body` the record's, with a CRC-32C over position, time and it.
    "CREATE TABLE event(position INTEGER PRIMARY KEY, time INTEGER NOT NULL, kind INTEGER NOT NULL, area TEXT NOT NULL,"
    " user TEXT NOT NULL, object TEXT NOT NULL, folded TEXT NOT NULL, body BLOB NOT NULL, sum INTEGER NOT NULL);"
    "CREATE INDEX event_time ON event(time);"
    "CREATE INDEX event_object ON event(object);"
    "CREATE INDEX event_user ON event(user);"
    "COMMIT;";

// Up to this size every index is compared with its table at the start (about 1 s); a larger file is checked for its structure only.
constexpr std::uintmax_t kWholeCheckBytes = 256ULL * 1024 * 1024;

std::int64_t sum_of(std::int64_t position, std::int64_t time, std::span<const std::byte> body) {
    const std::int64_t numbers[] = {position, time};
    const std::string_view bytes(reinterpret_cast<const char*>(numbers), sizeof numbers);
    return base::crc32c({reinterpret_cast<const char*>(body.data()), body.size()}, base::crc32c(bytes));
}

std::int64_t stored(journal::Position position) {
    constexpr auto kMost = static_cast<journal::Position>(std::numeric_limits<std::int64_t>::max());
    return static_cast<std::int64_t>(std::min(position, kMost));
}

// The conditions of EventFilter as SQL. The order of positions is that of the rows, so LIMIT-like reading from the newest needs no
// sort unless one of the other indexes is narrower.
std::string sql_of(const EventsRequest& request, const EventFilter& filter) {
    std::string sql = "SELECT position, time, body, sum FROM event WHERE position < ?1 AND time >= ?2 AND time < ?3";
    if (!request.user.empty()) sql += " AND user = ?4";
    if (!request.object.empty()) sql += " AND object = ?5";
    if (!request.area.empty()) sql += " AND (area = ?6 OR substr(area, 1, length(?6) + 1) = ?6 || '/')";
    if (!filter.text().empty()) sql += " AND instr(folded, ?7) > 0";
    if (!request.kinds.empty()) {
        sql += " AND kind IN (";
        for (std::size_t i = 0; i < request.kinds.size(); ++i)
            sql += (i == 0 ? "" : ",") + std::to_string(static_cast<unsigned>(request.kinds[i]));
        sql += ')';
    }
    return sql + " ORDER BY position DESC";
}

}  // namespace

Result<std::unique_ptr<EventStore>> EventStore::open(const EventIndexOptions& options, journal::Position most) {
    auto database = Database::open(options.file);
    if (!database) return std::unexpected(database.error());
    std::unique_ptr<EventStore> store(new EventStore(*std::move(database), options.file.string()));
    if (auto ready = store->prepare(options, most); !ready) return std::unexpected(ready.error());
    return store;
}

void EventStore::remove(const std::filesystem::path& file) {
    std::error_code ignored;
    for (const auto* suffix : {"", "-wal", "-shm", "-journal"}) std::filesystem::remove(file.string() + suffix, ignored);
}

Result<void> EventStore::prepare(const EventIndexOptions& options, journal::Position most) {
    if (auto set = database_.run(kSettings); !set) return set;
    auto tables = Statement::prepare(database_, "SELECT count(*) FROM sqlite_schema");
    if (!tables) return std::unexpected(tables.error());
    const auto row = tables->step();
    if (!row) return std::unexpected(row.error());
    const bool is_new = tables->number(0) == 0;
    tables->reset();
    if (!is_new)
        if (auto whole = check_structure(); !whole) return whole;
    if (auto owned = is_new ? make_tables(options) : check_owner(options, most); !owned) return owned;

    auto insert = Statement::prepare(database_, "INSERT INTO event VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)");
    if (!insert) return std::unexpected(insert.error());
    insert_ = std::make_unique<Statement>(*std::move(insert));
    auto set = Statement::prepare(database_, "INSERT OR REPLACE INTO state VALUES('position', ?1), ('sum', ?2)");
    if (!set) return std::unexpected(set.error());
    set_position_ = std::make_unique<Statement>(*std::move(set));
    return {};
}

Result<void> EventStore::make_tables(const EventIndexOptions& options) {
    if (auto made = database_.run(kTables); !made) return made;
    auto set = Statement::prepare(database_,
                                  "INSERT INTO state VALUES('format', ?1), ('server_id', ?2), ('epoch', ?3), ('position', 0), "
                                  "('sum', ?4)");
    if (!set) return std::unexpected(set.error());
    const auto done =
        set->bind(1, kFormat).bind(2, options.server_id).bind(3, stored(options.epoch)).bind(4, sum_of(0, 0, {})).step();
    if (!done) return std::unexpected(done.error());
    return {};
}

Result<void> EventStore::check_structure() {
    std::error_code ignored;
    const bool is_small = std::filesystem::file_size(file_, ignored) <= kWholeCheckBytes;
    auto check = Statement::prepare(database_, is_small ? "PRAGMA integrity_check(1)" : "PRAGMA quick_check(1)");
    if (!check) return std::unexpected(check.error());
    const auto checked = check->step();
    if (!checked) return std::unexpected(checked.error());
    if (check->text(0) != "ok") return fail(ErrorCode::protocol, "is damaged: " + std::string(check->text(0)), file_);
    return {};
}

Result<void> EventStore::check_owner(const EventIndexOptions& options, journal::Position most) {
    auto state =
        Statement::prepare(database_,
                           "SELECT (SELECT value FROM state WHERE key = 'format'), (SELECT value FROM state WHERE key = "
                           "'server_id'), (SELECT value FROM state WHERE key = 'epoch'), (SELECT value FROM state WHERE "
                           "key = 'position'), (SELECT value FROM state WHERE key = 'sum')");
    if (!state) return std::unexpected(state.error());
    const auto row = state->step();
    if (!row) return std::unexpected(row.error());
    if (state->number(0) != kFormat)
        return fail(ErrorCode::protocol,
                    "has format " + std::to_string(state->number(0)) + "; this version writes " + std::to_string(kFormat),
                    file_);
    if (state->text(1) != options.server_id || state->number(2) != stored(options.epoch))
        return fail(ErrorCode::protocol, "belongs to another server or epoch", file_);
    position_ = static_cast<journal::Position>(state->number(3));
    if (state->number(4) != sum_of(state->number(3), 0, {}))
        return fail(ErrorCode::protocol, "is damaged: its position", file_);
    if (state->number(3) < 0 || position_ > most)
        return fail(ErrorCode::protocol,
                    "reaches to " + std::to_string(state->number(3)) + ", its lane only to " + std::to_string(most), file_);
    return {};
}

Result<void> EventStore::begin() { return database_.run("BEGIN IMMEDIATE"); }

Result<void> EventStore::add(const Event& event, const journal::Record& record) {
    const auto time = to_ns(event.time);
    const auto sentence = folded(event.sentence());
    const auto done = insert_->bind(1, stored(event.position))
                          .bind(2, time)
                          .bind(3, static_cast<std::int64_t>(event.kind))
                          .bind(4, event.area)
                          .bind(5, event.user)
                          .bind(6, event.object)
                          .bind(7, sentence)
                          .bind(8, record.body)
                          .bind(9, sum_of(stored(event.position), time, record.body))
                          .step();
    if (!done) return std::unexpected(done.error());
    return {};
}

Result<void> EventStore::commit(journal::Position position) {
    const auto set = set_position_->bind(1, stored(position)).bind(2, sum_of(stored(position), 0, {})).step();
    if (!set) return std::unexpected(set.error());
    if (auto committed = database_.run("COMMIT"); !committed) return committed;
    position_ = position;
    return {};
}

void EventStore::roll_back() {
    const auto ignored = database_.run("ROLLBACK");
    static_cast<void>(ignored);
}

Result<void> EventStore::find(const EventsRequest& request, const EventFilter& filter,
                              const std::function<bool(Event)>& found) {
    auto query = Statement::prepare(database_, sql_of(request, filter));
    if (!query) return std::unexpected(query.error());
    const auto to = request.to == UtcTime() ? std::numeric_limits<std::int64_t>::max() : to_ns(request.to);
    const auto before = request.before == 0 ? std::numeric_limits<std::int64_t>::max() : stored(request.before);
    query->bind(1, before).bind(2, to_ns(request.from)).bind(3, to);
    if (!request.user.empty()) query->bind(4, request.user);
    if (!request.object.empty()) query->bind(5, request.object);
    if (!request.area.empty()) query->bind(6, request.area);
    if (!filter.text().empty()) query->bind(7, filter.text());
    for (;;) {
        const auto row = query->step();
        if (!row) return std::unexpected(row.error());
        if (!*row) return {};
        journal::Record record;
        record.type = journal::RecordType::event;
        record.sequence = static_cast<journal::Position>(query->number(0));
        record.time.utc = utc_from_ns(query->number(1));
        record.body = query->blob(2);
        auto event = journal::decode_event(record);
        if (!event || query->number(3) != sum_of(query->number(0), query->number(1), record.body))
            return fail(ErrorCode::protocol, "is damaged: event " + std::to_string(record.sequence), file_);
        if (!found(*std::move(event))) return {};
    }
}

}  // namespace penstock::history
