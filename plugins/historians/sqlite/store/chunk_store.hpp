#pragma once

// Writes chunks and their summaries, inside the caller's transaction.

#include "codec/chunk.hpp"
#include "columns.hpp"
#include "series_table.hpp"

namespace penstock::sqlite {

// Two of the largest chunks fill a page of 16 KiB: one that is a little larger would waste nearly half of it.
inline constexpr std::size_t kMostChunkBytes = 8'140;

class ChunkStore {
public:
    void open(Database& database, SeriesTable& series);
    // Any number of rows in order of time: as equal chunks as few as they fit in.
    void add(SeriesId series, std::uint64_t sequence, const SampleView& rows);
    // One of another archive, with its number. False if there is one of that number.
    bool adopt(std::int64_t id, const ChunkKey& key, std::string_view bytes, const SampleView& rows);

private:
    void add_part(Series& series, std::uint64_t sequence, const SampleView& rows);
    void store_facts(Series& series, std::uint64_t sequence, std::int64_t id, const SampleView& rows);
    void store(Series& series, std::uint64_t sequence, const SampleView& rows);
    void store_summary(const Series& series, std::uint64_t sequence, std::int64_t id, const SampleView& rows);

    Database* database_ = nullptr;
    SeriesTable* series_ = nullptr;
    Statement insert_chunk_, adopt_chunk_, insert_summary_;
    std::string bytes_;
};

}  // namespace penstock::sqlite
