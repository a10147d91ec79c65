#pragma once

// A session that can only ask what was: for benches of queries, on whatever plant they have built.

#include <cstdint>
#include <memory>

#include <penstock/history_operations.hpp>
#include <penstock/session.hpp>

namespace penstock::base {
class Clock;
}
namespace penstock::engine {
class Engine;
}
namespace penstock::history {
class HistoryStores;
}
namespace penstock::journal {
class Lane;
}
namespace penstock::tags {
class TagCatalog;
}

namespace penstock::bench {

class QuerySession {
public:
    // Everything outlives it. Before the engine runs.
    QuerySession(engine::Engine& engine, std::shared_ptr<const tags::TagCatalog> catalog, const journal::Lane& values,
                 history::HistoryStores& stores, const base::Clock& clock);
    ~QuerySession();

    [[nodiscard]] Session& operator*() noexcept;

private:
    struct Parts;
    std::unique_ptr<Parts> parts_;
};

// Reads pages of what is asked until the end, or until there are `limit` rows; how many rows. Ends the program if
// the plant refuses.
std::uint64_t read_tag(Session& session, HistoryRequest request, std::uint64_t limit = UINT64_MAX);
// Ends the program if the two differ.
void check_rows(std::uint64_t found, std::uint64_t wanted);

}  // namespace penstock::bench
