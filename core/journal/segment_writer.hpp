#pragma once

// The segment that records go to. [worker], one thread at a time.

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>

#include <penstock/result.hpp>

#include "core/base/file_system.hpp"
#include "core/base/sha256.hpp"
#include "core/journal/segment_format.hpp"
#include "core/journal/segment_pool.hpp"
#include "core/journal/segment_table.hpp"

namespace penstock::journal {

class SegmentWriter {
public:
    // Makes a prepared file a segment: heads, sync, its name, sync of the folder. Nothing of it counts before all four succeeded.
    [[nodiscard]] static Result<SegmentWriter> start(base::FileSystem& files, const std::filesystem::path& folder,
                                                     PreparedSegment prepared, SegmentHead head);
    // Goes on in one that recovery has checked up to `end`; `hash` has seen the bytes before it.
    SegmentWriter(std::unique_ptr<base::File> file, SegmentHead head, std::shared_ptr<SegmentInfo> info, std::uint64_t end,
                  std::unique_ptr<base::Sha256> hash);

    [[nodiscard]] const SegmentHead& head() const noexcept { return head_; }
    [[nodiscard]] const std::shared_ptr<SegmentInfo>& info() const noexcept { return info_; }
    // After the last synced record; where the next write starts.
    [[nodiscard]] std::uint64_t end() const noexcept { return end_; }
    [[nodiscard]] std::uint64_t room(std::uint64_t unsynced) const noexcept { return head_.records_end() - end_ - unsynced; }

    // At `unsynced` bytes behind end().
    Result<void> write(std::uint64_t unsynced, std::span<const std::byte> bytes) {
        return file_->write(end_ + unsynced, bytes);
    }
    Result<void> sync() { return file_->sync(); }
    // These bytes are synced now: they count for digest() and end().
    void advance(std::span<const std::byte> bytes) {
        hash_->update(bytes);
        end_ += bytes.size();
    }
    // Says on disk that everything before `position` is synced, for a later open to compare with.
    Result<void> seal(Position position);
    // SHA-256 up to end(). Ends the use of this segment.
    [[nodiscard]] base::Digest digest() { return hash_->finish_digest(); }

private:
    std::unique_ptr<base::File> file_;
    SegmentHead head_;
    std::shared_ptr<SegmentInfo> info_;
    std::uint64_t end_;
    std::unique_ptr<base::Sha256> hash_;
};

}  // namespace penstock::journal
