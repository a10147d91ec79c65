#pragma once

// The writing side of the archive: one connection, one thread.

#include <filesystem>
#include <memory>
#include <optional>
#include <span>

#include "bundle_store.hpp"
#include "chunk_store.hpp"
#include "gather.hpp"
#include "merge.hpp"
#include "series_table.hpp"
#include "thinner.hpp"

namespace penstock::sqlite {

struct ArchiveFacts {
    JournalPosition position = 0;
    std::uint64_t sequence = 0;  // of the last flush
    std::int64_t samples = 0;
    std::optional<std::int64_t> oldest;  // nothing: nothing is here
};

class Archive {
public:
    // Opens or makes archive.db.
    Archive(const std::filesystem::path& folder, std::shared_ptr<ReadConnections> connections);

    void define(std::span<const SeriesInfo> series) { series_.define(series); }
    [[nodiscard]] SeriesTable& series() noexcept { return series_; }
    // One transaction: all rows of `gather` and the position. On an exception nothing of it is stored.
    void store(Gather& gather, JournalPosition position);
    // Merges for about `budget`; true if there is more.
    bool merge(Duration budget);
    // What retention no longer covers, for about `budget`; true if there is more.
    bool thin(std::int64_t now, Duration budget);

    // What was found damaged at the opening, in words; "" for nothing.
    [[nodiscard]] const std::string& damage() const noexcept { return damage_; }
    [[nodiscard]] const ArchiveFacts& facts() const noexcept { return facts_; }
    [[nodiscard]] std::uint64_t bytes() const;  // of the database's file, without what is free in it
    [[nodiscard]] Database& database() noexcept { return database_; }
    [[nodiscard]] ChunkStore& chunks() noexcept { return chunks_; }
    [[nodiscard]] std::size_t bundle_count() const noexcept { return bundles_.count(); }
    void save(const ArchiveFacts& facts);  // in the caller's transaction

private:
    void store_rows(Series& series, std::uint64_t sequence, const SampleView& rows, BundleWriter& bundle);

    Database database_;
    SeriesTable series_;
    ChunkStore chunks_;
    BundleStore bundles_;
    Merger merger_;
    Thinner thinner_;
    Statement save_;
    ArchiveFacts facts_;
    std::string damage_;
};

// The archive in a folder. One that cannot be opened or written to is set aside under another name, for whoever can save more of it,
// and what can be read of it is carried over into a new one (rescue.hpp); where even that fails the new one is empty: the plant does not
// stop for it. `told` says so.
[[nodiscard]] std::unique_ptr<Archive> open_or_begin_anew(const std::filesystem::path& folder,
                                                          const std::shared_ptr<ReadConnections>& connections,
                                                          std::string& told);

}  // namespace penstock::sqlite
