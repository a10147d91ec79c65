#include "core/history/indexing/database.hpp"

#include <sqlite3.h>

#include <memory>
#include <utility>

namespace penstock::history {
namespace {

ErrorCode code_of(int code) {
    switch (code & 0xFF) {
        case SQLITE_CORRUPT:
        case SQLITE_NOTADB:
        case SQLITE_FORMAT:
        case SQLITE_SCHEMA:
        case SQLITE_CONSTRAINT:  // a row that is there already, or has no place
        case SQLITE_ERROR: return ErrorCode::protocol;  // SQLITE_ERROR: a table or column that we know is not there
        case SQLITE_BUSY:
        case SQLITE_LOCKED:
        case SQLITE_FULL: return ErrorCode::unavailable;
        case SQLITE_PERM:
        case SQLITE_READONLY:
        case SQLITE_AUTH:
        case SQLITE_CANTOPEN: return ErrorCode::denied;
        default: return ErrorCode::internal;
    }
}

}  // namespace

Result<Database> Database::open(const std::filesystem::path& file) {
    sqlite3* handle = nullptr;
    const auto code =
        ::sqlite3_open_v2(file.c_str(), &handle, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX, nullptr);
    Database database(handle, file.string());
    if (code != SQLITE_OK) return std::unexpected(database.error(code));
    ::sqlite3_extended_result_codes(handle, 1);
    return database;
}

Database::~Database() { ::sqlite3_close_v2(handle_); }
Database::Database(Database&& other) noexcept : handle_(std::exchange(other.handle_, nullptr)), file_(std::move(other.file_)) {}

Result<void> Database::run(const char* sql) {
    const auto code = ::sqlite3_exec(handle_, sql, nullptr, nullptr, nullptr);
    if (code == SQLITE_OK) return {};
    return std::unexpected(error(code));
}

Error Database::error(int code) const {
    const auto kind = code_of(code);
    const char* words = handle_ == nullptr ? ::sqlite3_errstr(code) : ::sqlite3_errmsg(handle_);
    return Error(kind, words, file_, kind == ErrorCode::unavailable);
}

Result<Statement> Statement::prepare(const Database& database, std::string_view sql) {
    sqlite3_stmt* handle = nullptr;
    const auto code = ::sqlite3_prepare_v2(database.handle(), sql.data(), static_cast<int>(sql.size()), &handle, nullptr);
    if (code != SQLITE_OK) return std::unexpected(database.error(code));
    return Statement(database, handle);
}

Statement::~Statement() { ::sqlite3_finalize(handle_); }
Statement::Statement(Statement&& other) noexcept : database_(other.database_), handle_(std::exchange(other.handle_, nullptr)) {}
Statement& Statement::operator=(Statement&& other) noexcept {
    std::swap(database_, other.database_);
    std::swap(handle_, other.handle_);
    return *this;
}

Statement& Statement::bind(int parameter, std::int64_t number) {
    ::sqlite3_bind_int64(handle_, parameter, number);
    return *this;
}
Statement& Statement::bind(int parameter, std::string_view text) {
    ::sqlite3_bind_text(handle_, parameter, text.data() == nullptr ? "" : text.data(), static_cast<int>(text.size()), nullptr);
    return *this;
}
Statement& Statement::bind(int parameter, std::span<const std::byte> blob) {
    ::sqlite3_bind_blob(handle_, parameter, blob.data(), static_cast<int>(blob.size()), nullptr);
    return *this;
}

Result<bool> Statement::step() {
    const auto code = ::sqlite3_step(handle_);
    if (code == SQLITE_ROW) return true;
    if (code == SQLITE_DONE) {
        reset();
        return false;
    }
    auto error = database_->error(code);
    reset();
    return std::unexpected(std::move(error));
}

void Statement::reset() {
    ::sqlite3_reset(handle_);
    ::sqlite3_clear_bindings(handle_);
}

std::int64_t Statement::number(int column) const { return ::sqlite3_column_int64(handle_, column); }

std::string_view Statement::text(int column) const {
    const void* text = ::sqlite3_column_text(handle_, column);
    return {static_cast<const char*>(text),
            text == nullptr ? 0 : static_cast<std::size_t>(::sqlite3_column_bytes(handle_, column))};
}

std::span<const std::byte> Statement::blob(int column) const {
    const auto* blob = static_cast<const std::byte*>(::sqlite3_column_blob(handle_, column));
    return {blob, blob == nullptr ? 0 : static_cast<std::size_t>(::sqlite3_column_bytes(handle_, column))};
}

}  // namespace penstock::history
