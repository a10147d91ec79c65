#pragma once

// A connection for reading with its statements prepared, and a shelf of them: opening one costs more than a short query.

#include <filesystem>
#include <memory>
#include <mutex>
#include <optional>
#include <vector>

#include "codec/rows.hpp"
#include "database.hpp"

namespace penstock::sqlite {

struct ReadConnection {
    explicit ReadConnection(const std::filesystem::path& file, Access access = Access::read);

    Database database;
    // ?1 series; t0 in [?2, ?3]. Columns: kSummaryColumns.
    Statement chunks_up, chunks_down;
    Statement chunk;        // ?1 id -> rows
    // ?1 series, ?2 from, ?3 to (inclusive) -> id, t0, t1
    Statement bundles;
    Statement bundle;       // ?1 id -> runs
    Statement series;       // ?1 id -> name, type, longest
    Statement thinned;  // ?1 series, t0 in [?2, ?3], ?4 from -> grain, t0, t1, cells
    Statement position;
    Statement begin, end;   // of the transaction that readers hold

    [[nodiscard]] std::unique_ptr<RowBuffer> buffer();  // used before, if there is one
    void give_back(std::unique_ptr<RowBuffer> rows);

private:
    std::vector<std::unique_ptr<RowBuffer>> free_;
};

class ReadConnections {
public:
    explicit ReadConnections(std::filesystem::path file, Access access = Access::read)
        : file_(std::move(file)), access_(access) {}
    [[nodiscard]] std::unique_ptr<ReadConnection> take();          // [any-thread]
    void put_back(std::unique_ptr<ReadConnection> connection);     // [any-thread]

private:
    static constexpr std::size_t kMostIdle = 8;
    std::filesystem::path file_;
    Access access_;
    std::mutex mutex_;  // guards idle_
    std::vector<std::unique_ptr<ReadConnection>> idle_;
};

}  // namespace penstock::sqlite
