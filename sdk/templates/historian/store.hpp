#pragma once

// What the historian keeps: rows by series, in order of (time, arrival), and the file that they come from.

#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include <penstock/historian.hpp>

struct Row {
    penstock::SeriesId series = 0;
    std::int64_t time = 0;
    penstock::QualityCode quality = penstock::QualityCode::good;
    std::uint64_t word = 0;  // of numbers
    std::string bytes;       // of texts and arrays
    std::string cause;
};
using Rows = std::vector<Row>;

// One state of the store. Never changed once it is shared: a reader keeps the one that it was opened with.
struct State {
    std::map<penstock::SeriesId, std::shared_ptr<const Rows>> series;
    penstock::JournalPosition position = 0;

    [[nodiscard]] State with(const Rows& more, penstock::JournalPosition behind) const;
    [[nodiscard]] Rows all() const;
};

// Blocks of rows, each with the position behind it and a checksum: what a crash cut off is no block, and goes.
class StoreFile {
public:
    // The state that the file holds. Throws LinkError.
    State open(const std::filesystem::path& path);
    // Returns when it is on the disk. Throws LinkError.
    void append(const Rows& rows, penstock::JournalPosition behind);
    // Puts one block in place of all: the old or the new file, never a part.
    void replace(const Rows& rows, penstock::JournalPosition behind);

private:
    std::filesystem::path path_;
};
