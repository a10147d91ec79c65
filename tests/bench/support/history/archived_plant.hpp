#pragma once

// A plant whose archive is full: the SQLite historian's class, filled with the signal "walk", behind the query service and a session.

#include <filesystem>
#include <memory>

#include <penstock/session.hpp>

#include "core/base/clock.hpp"
#include "core/journal/lane.hpp"
#include "historian.hpp"
#include "tests/bench/support/history/query_session.hpp"
#include "tests/bench/support/history/sqlite_peer.hpp"
#include "tests/support/temp_folder.hpp"

namespace penstock::bench {

// Takes a folder's files out of the system's page cache, so that the next read touches the disk.
void forget(const std::filesystem::path& folder);

class ArchivedPlant {
public:
    // So many values of each tag; the historian is opened anew afterwards.
    ArchivedPlant(std::uint32_t tags, std::uint64_t values);
    ~ArchivedPlant();

    [[nodiscard]] Session& session();
    // The historian as after a start.
    void reopen();
    [[nodiscard]] const std::filesystem::path& folder() const { return folder_.path(); }
    [[nodiscard]] static UtcTime begin() { return utc_from_ns(kSignalsBegin); }
    [[nodiscard]] UtcTime end() const { return utc_from_ns(kSignalsBegin) + std::chrono::seconds(values_ + 10); }
    [[nodiscard]] static std::string name(std::uint32_t tag) { return "tag." + std::to_string(tag); }

private:
    struct Parts;
    void fill(std::uint32_t tags);

    std::uint64_t values_;
    penstock::testing::TempFolder folder_;
    std::unique_ptr<Parts> parts_;
};

// All that the plant has of a tag, or its first `limit` rows.
std::uint64_t read_tag(ArchivedPlant& plant, std::uint32_t tag, std::uint64_t limit = UINT64_MAX);
// The same values as rows of the peer, in the order of its key.
void fill(SqlitePeer& peer, std::uint32_t tags, std::uint64_t values);

}  // namespace penstock::bench
