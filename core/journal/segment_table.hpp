#pragma once

// What there is to read: the segments of a lane and how far the newest is durable. Written by the lane, read by its readers, which
// share it and may outlive the lane.

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "core/base/file_system.hpp"
#include "core/journal/record.hpp"

namespace penstock::journal {

// Where in a segment a sequence is found, to within 64 KiB. Filled by who passes: the commit, recovery, readers. [any-thread]
class SparseIndex {
public:
    static constexpr std::uint64_t kStride = 64 * 1024;
    struct Place {
        Position sequence = 0;
        std::uint64_t offset = 0;
    };
    // Ignored unless it lies well behind the last.
    void add(Place place);
    // The last one at or before `sequence`; `start` if there is none.
    [[nodiscard]] Place find(Position sequence, Place start) const;

private:
    mutable std::mutex mutex_;
    std::vector<Place> places_;  // by mutex_
};

struct SegmentInfo {
    Position first = 0;
    std::string name;
    std::uint64_t bytes = 0;  // of the file
    SparseIndex index;
};

class SegmentTable {
public:
    // What a reader needs of the segment that holds a position.
    struct View {
        std::shared_ptr<SegmentInfo> segment;
        Position end = 0;  // of what is readable in it
        std::uint64_t end_offset = 0;  // where that is; 0 = not known, up to the end of its records
        bool is_newest = false;
    };

    SegmentTable(base::FileSystem& files, std::filesystem::path folder) : files_(files), folder_(std::move(folder)) {}

    [[nodiscard]] base::FileSystem& files() const noexcept { return files_; }
    [[nodiscard]] std::filesystem::path path(const SegmentInfo& segment) const { return folder_ / segment.name; }

    // A new newest one; one with the same first sequence is replaced: nothing of it was durable.
    void push(std::shared_ptr<SegmentInfo> segment, std::uint64_t end_offset);
    void set_durable(Position position, std::uint64_t end_offset);
    // The oldest that ends at or before `position` and is not the newest; null if none is.
    [[nodiscard]] std::shared_ptr<SegmentInfo> oldest_before(Position position) const;
    void pop_oldest();

    [[nodiscard]] Position first() const;
    [[nodiscard]] Position durable() const;
    // Of the segment that holds `position`; the newest if that is durable() or behind, the oldest if it is before first().
    [[nodiscard]] View find(Position position) const;
    struct Totals {
        std::uint64_t segments = 0, bytes = 0;  // in use: without what is allocated ahead
    };
    [[nodiscard]] Totals totals() const;

private:
    struct Entry {
        std::shared_ptr<SegmentInfo> segment;
        std::uint64_t end_offset = 0;
    };
    base::FileSystem& files_;
    std::filesystem::path folder_;
    mutable std::mutex mutex_;  // guards all below
    std::vector<Entry> entries_;
    Position durable_ = 0;
};

}  // namespace penstock::journal
