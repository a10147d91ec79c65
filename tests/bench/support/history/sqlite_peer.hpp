#pragma once

// What somebody without a historian does: rows in SQLite. The peers of the benches of the plant's memory, with WAL and
// `synchronous=NORMAL`; a value is (tag, time, status, value).

#include <cstdint>
#include <filesystem>
#include <memory>

#include "tests/bench/support/history/signals.hpp"

struct sqlite3;
struct sqlite3_stmt;

namespace penstock::bench {

enum class SqliteLayout : std::uint8_t {
    rows,           // no index
    indexed,        // index (tag, time)
    without_rowid,  // WITHOUT ROWID, primary key (tag, time, sequence)
};

class SqlitePeer {
public:
    // Ends the program if SQLite refuses.
    SqlitePeer(const std::filesystem::path& file, SqliteLayout layout);
    ~SqlitePeer();
    SqlitePeer(const SqlitePeer&) = delete;
    SqlitePeer& operator=(const SqlitePeer&) = delete;

    void begin();
    void insert(std::uint32_t tag, const SignalSample& sample);
    void commit();
    // Numbers as REAL, so that GROUP BY and min() work on them.
    void insert_number(std::uint32_t tag, const SignalSample& sample, double number);

    // Rows of one tag in [from, to) in order of time, read one by one as an application would: how many, and their checksum.
    struct Scan {
        std::uint64_t rows = 0;
        std::uint64_t sum = 0;
    };
    [[nodiscard]] Scan scan(std::uint32_t tag, std::int64_t from, std::int64_t to, std::uint64_t limit = UINT64_MAX);
    // min, max and avg of one tag in `columns` equal parts by GROUP BY; how many groups came.
    [[nodiscard]] std::uint64_t group(std::uint32_t tag, std::int64_t from, std::int64_t to, std::uint32_t columns);
    void execute(const char* sql);

private:
    void check(int code) const;
    [[nodiscard]] sqlite3_stmt* prepare(const char* sql);

    sqlite3* database_ = nullptr;
    sqlite3_stmt* insert_ = nullptr;
    bool has_sequence_;
    std::int64_t sequence_ = 0;
};

}  // namespace penstock::bench
