#include "samples_table.hpp"

#include <sqlite3ext.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <limits>
#include <memory>
#include <string>
#include <vector>

#include "store/reader.hpp"
#include "store/schema.hpp"
#include "store/summary.hpp"
#include "store/time_text.hpp"
SQLITE_EXTENSION_INIT3

namespace penstock::sqlite {
namespace {

enum Column : int { kTime, kValue, kQuality, kCause, kTag, kSince, kUntil, kNumber, kTimeNs, kCode };
// The arguments are the first hidden columns.
constexpr const char* kDeclaration =
    "CREATE TABLE samples(time TEXT, value TEXT, quality TEXT, cause TEXT, tag TEXT HIDDEN, since TEXT HIDDEN, until TEXT "
    "HIDDEN, "
    "number REAL HIDDEN, time_ns INTEGER HIDDEN, code TEXT HIDDEN)";
constexpr std::size_t kPageRows = 8192;

struct Row {
    std::int64_t time = 0;
    StatusWord status = 0;
    std::uint64_t word = 0;
    std::string text, cause;
};

// Copies up to a page of rows out of what a reader borrows.
class Page final : public SampleSink {
public:
    explicit Page(ValueType type) : has_texts_(!is_scalar_word(type)) {}
    bool take(const SampleView& samples) override {
        for (std::size_t i = 0; i < samples.size() && rows.size() < kPageRows; ++i) {
            Row row{samples.time[i], samples.status[i], samples.word[i], {}, std::string(samples.cause_at(i))};
            if (has_texts_ && !is_bad(status_quality(row.status))) row.text = samples.blob_at(i);
            rows.push_back(std::move(row));
        }
        return rows.size() < kPageRows;
    }
    std::vector<Row> rows;

private:
    bool has_texts_;
};

struct Table {
    sqlite3_vtab base{};
    sqlite3* database = nullptr;
};

struct Cursor {
    sqlite3_vtab_cursor base{};
    std::unique_ptr<Reader> reader;
    SampleRange range;
    ValueType type = ValueType::none;
    std::vector<Row> rows;
    std::size_t at = 0;
    std::int64_t row_id = 0;
    bool is_last_page = true;

    void load_page() {
        Page page(type);
        page.rows.reserve(64);
        reader->read(range, page);
        rows = std::move(page.rows);
        at = 0;
        is_last_page = rows.size() < kPageRows;
        if (is_last_page) return;
        // The next page begins at the last time, behind the rows of that time that were seen.
        const auto last = rows.back().time;
        const auto first_equal = std::ranges::find(rows, last, &Row::time);
        const auto seen = static_cast<std::uint64_t>(rows.end() - first_equal);
        range.skip = last == range.from ? range.skip + seen : seen;
        range.from = last;
    }
    void next() {
        ++row_id;
        if (++at == rows.size() && !is_last_page) load_page();
    }
};

Cursor& cursor_of(sqlite3_vtab_cursor* base) noexcept { return *reinterpret_cast<Cursor*>(base); }

template <class Work>
int guarded(sqlite3_vtab* table, const Work& work) noexcept {
    try {
        work();
        return SQLITE_OK;
    } catch (const std::exception& fault) {
        sqlite3_free(table->zErrMsg);
        table->zErrMsg = sqlite3_mprintf("%s", fault.what());
        return SQLITE_ERROR;
    }
}

int connect(sqlite3* database, void* /*own*/, int /*count*/, const char* const* /*arguments*/, sqlite3_vtab** table,
            char** /*fault*/) noexcept {
    const int code = sqlite3_declare_vtab(database, kDeclaration);
    if (code != SQLITE_OK) return code;
    auto* const made = new (std::nothrow) Table;
    if (made == nullptr) return SQLITE_NOMEM;
    made->database = database;
    *table = &made->base;
    return SQLITE_OK;
}

int disconnect(sqlite3_vtab* table) noexcept {
    delete reinterpret_cast<Table*>(table);
    return SQLITE_OK;
}

// idxNum: bit 0 tag, bit 1 since, bit 2 until; the arguments of filter() in that order.
int best_index(sqlite3_vtab* table, sqlite3_index_info* info) noexcept {
    std::array<int, 3> used = {-1, -1, -1};
    for (int i = 0; i < info->nConstraint; ++i) {
        const auto& constraint = info->aConstraint[i];
        const int argument = constraint.iColumn - kTag;
        if (argument < 0 || argument > 2 || constraint.op != SQLITE_INDEX_CONSTRAINT_EQ) continue;
        if (constraint.usable == 0) return SQLITE_CONSTRAINT;
        used[static_cast<std::size_t>(argument)] = i;
    }
    if (used[0] < 0) {
        table->zErrMsg = sqlite3_mprintf("samples() wants the name of a tag: SELECT * FROM samples('plc1.h5')");
        return SQLITE_ERROR;
    }
    int place = 0;
    for (std::size_t argument = 0; argument < used.size(); ++argument) {
        if (used[argument] < 0) continue;
        info->aConstraintUsage[used[argument]].argvIndex = ++place;
        info->aConstraintUsage[used[argument]].omit = 1;
        info->idxNum |= 1 << argument;
    }
    info->estimatedCost = 1000;
    if (info->nOrderBy == 1 && info->aOrderBy[0].desc == 0
        && (info->aOrderBy[0].iColumn == kTime || info->aOrderBy[0].iColumn == kTimeNs))
        info->orderByConsumed = 1;
    return SQLITE_OK;
}

int open_cursor(sqlite3_vtab* /*table*/, sqlite3_vtab_cursor** cursor) noexcept {
    auto* const made = new (std::nothrow) Cursor;
    if (made == nullptr) return SQLITE_NOMEM;
    *cursor = &made->base;
    return SQLITE_OK;
}

int close_cursor(sqlite3_vtab_cursor* cursor) noexcept {
    delete &cursor_of(cursor);
    return SQLITE_OK;
}

std::int64_t time_of(sqlite3_value* argument, std::int64_t otherwise) {
    if (sqlite3_value_type(argument) == SQLITE_INTEGER) return sqlite3_value_int64(argument);
    if (sqlite3_value_type(argument) == SQLITE_NULL) return otherwise;
    const std::string text = reinterpret_cast<const char*>(sqlite3_value_text(argument));
    if (const auto time = parse_utc(text)) return *time;
    throw LinkError(Error(ErrorCode::invalid_argument,
                          "\"" + text + "\" is no time; wanted nanoseconds, or as in 2026-11-21T03:10:20.250Z (UTC)"));
}

int filter(sqlite3_vtab_cursor* base, int given, const char* /*text*/, int /*count*/, sqlite3_value** arguments) noexcept {
    return guarded(base->pVtab, [&] {
        auto& cursor = cursor_of(base);
        auto* const database = reinterpret_cast<Table*>(base->pVtab)->database;
        const auto* const file = sqlite3_db_filename(database, "main");
        auto connections = std::make_shared<ReadConnections>(file == nullptr ? "" : file);
        const auto* const name = reinterpret_cast<const char*>(sqlite3_value_text(*arguments++));
        cursor.range = {};
        cursor.range.from = std::numeric_limits<std::int64_t>::min();
        cursor.range.to = std::numeric_limits<std::int64_t>::max();
        if ((given & 2) != 0) cursor.range.from = time_of(*arguments++, cursor.range.from);
        if ((given & 4) != 0) cursor.range.to = time_of(*arguments++, cursor.range.to);
        {
            const Database archive(file == nullptr ? "" : file, Access::read);
            auto series = archive.prepare("SELECT id, type FROM series WHERE name = ? ORDER BY id DESC LIMIT 1");
            series.bind_text(1, name == nullptr ? "" : name);
            if (!series.step())
                throw LinkError(Error(ErrorCode::not_found,
                                      std::string("no tag \"") + (name == nullptr ? "" : name) + "\" is archived here"));
            cursor.range.series = static_cast<SeriesId>(series.integer(0));
            cursor.type = static_cast<ValueType>(series.integer(1));
        }
        cursor.reader = std::make_unique<Reader>(std::move(connections));
        cursor.row_id = 0;
        cursor.load_page();
    });
}

int next(sqlite3_vtab_cursor* base) noexcept {
    return guarded(base->pVtab, [&] { cursor_of(base).next(); });
}

int eof(sqlite3_vtab_cursor* base) noexcept { return cursor_of(base).at >= cursor_of(base).rows.size() ? 1 : 0; }

int row_id(sqlite3_vtab_cursor* base, sqlite3_int64* id) noexcept {
    *id = cursor_of(base).row_id;
    return SQLITE_OK;
}

void give_text(sqlite3_context* context, std::string_view text) noexcept {
    sqlite3_result_text(context, text.data(), static_cast<int>(text.size()), SQLITE_TRANSIENT);
}

void give_value(sqlite3_context* context, const Cursor& cursor, const Row& row) {
    if (is_bad(status_quality(row.status))) return;  // NULL
    if (is_scalar_word(cursor.type)) {
        give_text(context, Value::from_word(cursor.type, row.word).text());
        return;
    }
    const auto value = Value::from_blob(cursor.type, row.text);
    if (value) give_text(context, value->text());
}

int column(sqlite3_vtab_cursor* base, sqlite3_context* context, int place) noexcept {
    return guarded(base->pVtab, [&] {
        const auto& cursor = cursor_of(base);
        const auto& row = cursor.rows[cursor.at];
        const auto quality = status_quality(row.status);
        const auto number = number_of(cursor.type, row.status, row.word);
        switch (place) {
            case kTime: give_text(context, exact_utc_text(row.time)); break;
            case kValue: give_value(context, cursor, row); break;
            case kQuality: give_text(context, to_string(level(quality))); break;
            case kCause:
                if (!row.cause.empty()) give_text(context, row.cause);
                break;
            case kNumber:
                if (!std::isnan(number)) sqlite3_result_double(context, number);
                break;
            case kTimeNs: sqlite3_result_int64(context, row.time); break;
            case kCode: give_text(context, to_string(quality)); break;
            default: break;
        }
    });
}

}  // namespace

const sqlite3_module* samples_module() noexcept {
    static constexpr sqlite3_module kModule = [] {
        sqlite3_module module{};
        module.xConnect = connect;  // and no xCreate: the table is there without being made
        module.xDisconnect = disconnect;
        module.xBestIndex = best_index;
        module.xOpen = open_cursor;
        module.xClose = close_cursor;
        module.xFilter = filter;
        module.xNext = next;
        module.xEof = eof;
        module.xColumn = column;
        module.xRowid = row_id;
        return module;
    }();
    return &kModule;
}

}  // namespace penstock::sqlite
