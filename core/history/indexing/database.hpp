#pragma once

// SQLite as this folder needs it: one connection, prepared statements, results as values. [worker], one thread at a time.

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>

#include <penstock/result.hpp>

struct sqlite3;
struct sqlite3_stmt;

namespace penstock::history {

class Database {
public:
    // Made if there is none. Errors of all functions: `unavailable` (no room, locked), `protocol` (the file is damaged or no
    // database), `denied`, `internal`; where = the file.
    [[nodiscard]] static Result<Database> open(const std::filesystem::path& file);
    ~Database();
    Database(Database&& other) noexcept;
    Database& operator=(Database&&) = delete;

    [[nodiscard]] Result<void> run(const char* sql);  // one or several statements without results
    [[nodiscard]] Error error(int code) const;
    [[nodiscard]] sqlite3* handle() const noexcept { return handle_; }

private:
    Database(sqlite3* handle, std::string file) : handle_(handle), file_(std::move(file)) {}
    sqlite3* handle_;
    std::string file_;
};

// A prepared statement. Parameters count from 1, columns from 0; texts and blobs bound must outlive the step, those read live until
// the next.
class Statement {
public:
    [[nodiscard]] static Result<Statement> prepare(const Database& database, std::string_view sql);
    ~Statement();
    Statement(Statement&& other) noexcept;
    Statement& operator=(Statement&& other) noexcept;

    Statement& bind(int parameter, std::int64_t number);
    Statement& bind(int parameter, std::string_view text);
    Statement& bind(int parameter, std::span<const std::byte> blob);
    // True: there is a row. After false or an error the statement can be bound and stepped anew.
    [[nodiscard]] Result<bool> step();
    void reset();

    [[nodiscard]] std::int64_t number(int column) const;
    [[nodiscard]] std::string_view text(int column) const;
    [[nodiscard]] std::span<const std::byte> blob(int column) const;

private:
    Statement(const Database& database, sqlite3_stmt* handle) : database_(&database), handle_(handle) {}
    const Database* database_;
    sqlite3_stmt* handle_;
};

}  // namespace penstock::history
