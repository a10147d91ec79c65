#pragma once

// Segments allocated ahead: the next one, and the reserve that lets events go on when the disk is full. A prepared file is zero,
// as large as it will ever be, and synced together with its name; it becomes a segment when its head is written and it is renamed.

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include <penstock/result.hpp>

#include "core/base/file_system.hpp"

namespace penstock::journal {

struct PreparedSegment {
    std::filesystem::path path;
    std::uint64_t bytes = 0;
    std::unique_ptr<base::File> file;
};

class SegmentPool {
public:
    // Keeps `wanted` of them ready.
    SegmentPool(base::FileSystem& files, std::filesystem::path folder, std::uint64_t segment_bytes, std::size_t wanted);

    // Takes over what an earlier run prepared ("7.prepared") and did not use, and removes what it left half made. Before all others. [worker]
    Result<void> adopt(const std::vector<std::string>& names);
    // Prepares what is missing. The first error ends it, is kept for status() and told. [any-thread, blocks]
    Result<void> fill();
    // One with at least `bytes`: a prepared one, else one made now. [any-thread, blocks]
    [[nodiscard]] Result<PreparedSegment> take(std::uint64_t bytes);

    struct Status {
        std::size_t ready = 0, wanted = 0;
        std::uint64_t bytes = 0;  // of those that are ready
        std::optional<Error> error;  // of the last fill(); gone once one succeeds
    };
    [[nodiscard]] Status status() const;  // [any-thread]

private:
    [[nodiscard]] Result<PreparedSegment> make(std::uint64_t bytes);
    [[nodiscard]] bool is_whole(PreparedSegment& candidate) const;

    base::FileSystem& files_;
    std::filesystem::path folder_;
    std::uint64_t segment_bytes_;
    std::size_t wanted_;
    std::mutex making_;  // one at a time makes segments; guards next_name_
    std::uint64_t next_name_ = 0;
    mutable std::mutex mutex_;  // guards all below; never held over a call of the file system
    std::vector<PreparedSegment> ready_;
    std::optional<Error> error_;
};

}  // namespace penstock::journal
