#include "database.hpp"

#include <sqlite3.h>

#include <cmath>
#include <limits>
#include <utility>

#include "sealed_files.hpp"

namespace penstock::sqlite {
namespace {

[[noreturn]] void fail_with(sqlite3* database, int code, std::string_view during) {
    const auto* file = database == nullptr ? nullptr : sqlite3_db_filename(database, "main");
    std::string sentence(during);
    sentence += ": ";
    if (code == kBrokenSeal)
        sentence += "a page of the file does not fit its seal";
    else
        sentence += database == nullptr ? sqlite3_errstr(code) : sqlite3_errmsg(database);
    const int plain = code & 0xFF;
    if (plain == SQLITE_CORRUPT || plain == SQLITE_NOTADB || code == SQLITE_IOERR_SHORT_READ) throw Damaged(sentence);
    const bool is_passing = plain == SQLITE_FULL || plain == SQLITE_BUSY || plain == SQLITE_IOERR || plain == SQLITE_CANTOPEN;
    throw LinkError(Error(is_passing ? ErrorCode::unavailable : ErrorCode::internal, std::move(sentence),
                          file == nullptr ? "" : file, true));
}

}  // namespace

Statement::Statement(sqlite3* database, std::string_view sql) {
    const auto size = static_cast<int>(sql.size());
    const int code = sqlite3_prepare_v3(database, sql.data(), size, SQLITE_PREPARE_PERSISTENT, &handle_, nullptr);
    if (code != SQLITE_OK) fail_with(database, code, "the archive does not understand a statement");
}
Statement::~Statement() { sqlite3_finalize(handle_); }
Statement::Statement(Statement&& other) noexcept : handle_(std::exchange(other.handle_, nullptr)) {}
Statement& Statement::operator=(Statement&& other) noexcept {
    std::swap(handle_, other.handle_);
    return *this;
}

Statement& Statement::bind(int place, std::int64_t value) {
    sqlite3_bind_int64(handle_, place, value);
    return *this;
}
Statement& Statement::bind(int place, double value) {
    sqlite3_bind_double(handle_, place, value);
    return *this;
}
Statement& Statement::bind_null(int place) {
    sqlite3_bind_null(handle_, place);
    return *this;
}
Statement& Statement::bind_text(int place, std::string_view text) {
    sqlite3_bind_text(handle_, place, text.data() == nullptr ? "" : text.data(), static_cast<int>(text.size()), SQLITE_STATIC);
    return *this;
}
Statement& Statement::bind_blob(int place, std::string_view bytes) {
    sqlite3_bind_blob64(handle_, place, bytes.data(), bytes.size(), SQLITE_STATIC);
    return *this;
}

Statement& Statement::bind_column(int place, const Statement& from, int column) {
    sqlite3_bind_value(handle_, place, sqlite3_column_value(from.handle_, column));
    return *this;
}

bool Statement::step() {
    const int code = sqlite3_step(handle_);
    if (code == SQLITE_ROW) return true;
    if (code == SQLITE_DONE) {
        sqlite3_reset(handle_);
        return false;
    }
    auto* const database = sqlite3_db_handle(handle_);
    const int extended = sqlite3_extended_errcode(database);
    try {
        fail_with(database, extended, "the archive cannot be read or written");
    } catch (...) {
        sqlite3_reset(handle_);
        throw;
    }
}

void Statement::run() {
    while (step()) {
    }
}
void Statement::reset() noexcept { sqlite3_reset(handle_); }

std::int64_t Statement::integer(int column) const noexcept { return sqlite3_column_int64(handle_, column); }
double Statement::real(int column) const noexcept {
    return is_null(column) ? std::numeric_limits<double>::quiet_NaN() : sqlite3_column_double(handle_, column);
}
bool Statement::is_null(int column) const noexcept { return sqlite3_column_type(handle_, column) == SQLITE_NULL; }

std::string_view Statement::bytes(int column) const {
    const auto* bytes = static_cast<const char*>(sqlite3_column_blob(handle_, column));
    const auto size = static_cast<std::size_t>(sqlite3_column_bytes(handle_, column));
    // A blob is read from its pages here, not by step(): no memory, or no sense in them, gives null.
    if (bytes == nullptr && sqlite3_column_type(handle_, column) != SQLITE_NULL && size != 0)
        throw Damaged("a page cannot be read");
    const int code = sqlite3_errcode(sqlite3_db_handle(handle_));
    if (bytes == nullptr && (code & 0xFF) == SQLITE_CORRUPT) throw Damaged("a page makes no sense");
    return {bytes, size};
}

Database::Database(const std::filesystem::path& file, Access access) {
    const int flags = SQLITE_OPEN_NOMUTEX
                      | (access == Access::create  ? SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE
                         : access == Access::write ? SQLITE_OPEN_READWRITE
                                                   : SQLITE_OPEN_READONLY);
    const char* const files = access == Access::read_unsealed ? nullptr : sealed_files();
    const int code = sqlite3_open_v2(file.c_str(), &handle_, flags, files);
    if (code == SQLITE_OK) {
        sqlite3_extended_result_codes(handle_, 1);
        sqlite3_busy_timeout(handle_, 10'000);  // a person with sqlite3 in hand may hold it for a moment
        return;
    }
    const std::string text = handle_ == nullptr ? sqlite3_errstr(code) : sqlite3_errmsg(handle_);
    sqlite3_close_v2(std::exchange(handle_, nullptr));
    throw LinkError(Error(ErrorCode::unavailable, "the archive cannot be opened: " + text, file.string(), true));
}
Database::~Database() { sqlite3_close_v2(handle_); }
Database::Database(Database&& other) noexcept : handle_(std::exchange(other.handle_, nullptr)) {}
Database& Database::operator=(Database&& other) noexcept {
    std::swap(handle_, other.handle_);
    return *this;
}

void Database::run(const char* sql) {
    if (sqlite3_exec(handle_, sql, nullptr, nullptr, nullptr) != SQLITE_OK)
        fail_with(handle_, sqlite3_extended_errcode(handle_), "the archive cannot be read or written");
}

std::int64_t Database::integer(std::string_view sql) const {
    auto statement = prepare(sql);
    return statement.step() ? statement.integer(0) : 0;
}

Transaction::Transaction(Database& database) : database_(database) { database_.run("BEGIN IMMEDIATE"); }
Transaction::~Transaction() {
    if (is_open_) sqlite3_exec(database_.handle(), "ROLLBACK", nullptr, nullptr, nullptr);
}
void Transaction::commit() {
    database_.run("COMMIT");
    is_open_ = false;
}

}  // namespace penstock::sqlite
