#pragma once

// The writing side of the archive: one connection, one thread.

#include <filesystem>
#include <memory>
#include <span>

#include "bundle_store.hpp"
#include "chunk_store.hpp"
#include "gather.hpp"
#include "merge.hpp"
#include "series_table.hpp"

namespace penstock::sqlite {

struct ArchiveFacts {
    JournalPosition position = 0;
    std::uint64_t sequence = 0;  // of the last flush
    std::int64_t samples = 0;
    std::int64_t oldest = 0;
};

class Archive {
public:
    // Opens or makes archive.db.
    explicit Archive(const std::filesystem::path& folder);

    void define(std::span<const SeriesInfo> series) { series_.define(series); }
    [[nodiscard]] SeriesTable& series() noexcept { return series_; }
    // One transaction: all rows of `gather` and the position. On an exception nothing of it is stored.
    void store(Gather& gather, JournalPosition position);
    // Merges for about `budget`; true if there is more.
    bool merge(Duration budget);

    [[nodiscard]] const ArchiveFacts& facts() const noexcept { return facts_; }
    [[nodiscard]] std::uint64_t bytes() const;  // of the database's file, without what is free in it
    [[nodiscard]] Database& database() noexcept { return database_; }
    [[nodiscard]] ChunkStore& chunks() noexcept { return chunks_; }
    [[nodiscard]] std::size_t bundle_count() const noexcept { return bundles_.count(); }
    void save(const ArchiveFacts& facts);  // in the caller's transaction

private:
    Database database_;
    SeriesTable series_;
    ChunkStore chunks_;
    BundleStore bundles_;
    Merger merger_;
    Statement save_;
    ArchiveFacts facts_;
};

}  // namespace penstock::sqlite
