#pragma once

// The few calls of SQLite that the archive needs, with owners and sentences. Failures are LinkErrors, except damage, which readers
// meet and pass over.

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

#include <penstock/result.hpp>

struct sqlite3;
struct sqlite3_stmt;

namespace penstock::sqlite {

// A page or its contents make no sense. What can be read beside it can still be read.
class Damaged final : public std::exception {
public:
    explicit Damaged(std::string sentence) : sentence_(std::move(sentence)) {}
    [[nodiscard]] const char* what() const noexcept override { return sentence_.c_str(); }

private:
    std::string sentence_;
};

class Statement {
public:
    Statement() = default;
    Statement(sqlite3* database, std::string_view sql);
    ~Statement();
    Statement(Statement&& other) noexcept;
    Statement& operator=(Statement&& other) noexcept;

    Statement& bind(int place, std::int64_t value);
    Statement& bind(int place, double value);  // NaN becomes NULL
    Statement& bind_null(int place);
    Statement& bind_text(int place, std::string_view text);  // borrowed until reset()
    Statement& bind_blob(int place, std::string_view bytes);  // borrowed until reset()
    Statement& bind_column(int place, const Statement& from, int column);  // whatever it is
    // True: a row. False: done, and reset. Throws Damaged or LinkError.
    bool step();
    // For what gives no rows.
    void run();
    void reset() noexcept;

    [[nodiscard]] std::int64_t integer(int column) const noexcept;
    [[nodiscard]] double real(int column) const noexcept;  // NaN for NULL
    [[nodiscard]] bool is_null(int column) const noexcept;
    [[nodiscard]] std::string_view bytes(int column) const;  // valid until step() or reset()

private:
    sqlite3_stmt* handle_ = nullptr;
};

// Resets a statement at the end of a scope: an open one would keep its snapshot.
class ResetAtEnd {
public:
    explicit ResetAtEnd(Statement& statement) noexcept : statement_(statement) {}
    ~ResetAtEnd() { statement_.reset(); }
    ResetAtEnd(const ResetAtEnd&) = delete;

private:
    Statement& statement_;
};

// All go through the seals of pages (page_seal.hpp) but read_unsealed, which believes what it finds: the control of a test.
enum class Access : std::uint8_t { create, write, read, read_unsealed };

class Database {
public:
    Database() = default;
    Database(const std::filesystem::path& file, Access access);
    ~Database();
    Database(Database&& other) noexcept;
    Database& operator=(Database&& other) noexcept;

    void run(const char* sql);
    [[nodiscard]] Statement prepare(std::string_view sql) const { return Statement(handle_, sql); }
    [[nodiscard]] std::int64_t integer(std::string_view sql) const;  // the first column of the first row; 0 if there is none
    [[nodiscard]] sqlite3* handle() const noexcept { return handle_; }

private:
    sqlite3* handle_ = nullptr;
};

// Rolled back unless committed.
class Transaction {
public:
    explicit Transaction(Database& database);
    ~Transaction();
    Transaction(const Transaction&) = delete;
    void commit();

private:
    Database& database_;
    bool is_open_ = true;
};

}  // namespace penstock::sqlite
