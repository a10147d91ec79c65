#pragma once

// Merging of bundles, a shard at a time: runs that are long enough leave as chunks, the rest goes to the next level.

#include <memory>
#include <span>
#include <string>
#include <vector>

#include "bundle_store.hpp"
#include "chunk_store.hpp"

namespace penstock::sqlite {

class Merger {
public:
    Merger(Database& database, SeriesTable& series, ChunkStore& chunks, BundleStore& bundles);
    // Merges one shard that is due, in the caller's transaction. False if none was.
    bool step();

private:
    struct Run {
        RunPlace place;
        std::size_t bundle = 0;
    };
    struct Input {
        std::string bytes;
        BundleReader reader;
        explicit Input(std::string loaded) : bytes(std::move(loaded)), reader(bytes, Verify::checksum) {}
    };

    [[nodiscard]] std::vector<Run> runs_of(std::vector<std::unique_ptr<Input>>& inputs);
    void merge_series(std::span<const Run> runs, std::vector<std::unique_ptr<Input>>& inputs, BundleWriter& out);
    void add_rows(const Series& series);
    // May the decoded rows, of sequence `next`, join a run that began with `before`? Not if a chunk that came between may have equal times.
    [[nodiscard]] bool may_join(const Series& series, std::uint64_t before, std::uint64_t next);
    void emit(SeriesId series, std::uint64_t sequence, BundleWriter& out);

    SeriesTable& series_;
    ChunkStore& chunks_;
    BundleStore& bundles_;
    Statement between_;
    std::unique_ptr<RowBuffer> rows_ = std::make_unique<RowBuffer>();
    Columns gathered_;
};

}  // namespace penstock::sqlite
