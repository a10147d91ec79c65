#pragma once

// Opens segments and goes through one from its first to its last byte, for recovery and verify.

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <penstock/result.hpp>

#include "core/base/file_system.hpp"
#include "core/base/sha256.hpp"
#include "core/journal/segment_format.hpp"
#include "core/journal/segment_table.hpp"

namespace penstock::journal {

struct OpenedSegment {
    std::unique_ptr<base::File> file;
    std::uint64_t bytes = 0;  // of the file
    DecodedHead head;         // the first good one of the two
    bool head_repairable = false;  // one of the two is damaged
    [[nodiscard]] std::uint64_t records_end() const noexcept;  // where to stop looking
};
[[nodiscard]] Result<OpenedSegment> open_segment(base::FileSystem& files, const std::filesystem::path& path,
                                                 base::OpenMode mode);

struct SegmentCheck {
    std::uint64_t records = 0;
    std::uint64_t end = 0;          // byte after the last record
    std::uint64_t rubbish_end = 0;  // of what is not zero behind it; equals `end` if all is
    Position position = 0;          // after the last record
    Now last_time{};
    base::Digest chain{};           // of the last record
    Position lost = 0;              // records that are missing inside
    bool stopped_early = false;     // at CheckLimits::before: what lies behind was never durable
    std::vector<std::string> findings;
};
struct CheckLimits {
    std::uint64_t until = 0;         // byte
    Position before = ~Position{0};  // records from this sequence on do not count
    // True: damage behind which no later group stands is a torn write, and the check ends before it.
    bool cut_torn = false;
    Position synced = 0;  // everything before it was: damage there is damage
};
[[nodiscard]] Result<SegmentCheck> check_segment(const OpenedSegment& segment, const std::string& name, SparseIndex* index,
                                                 const CheckLimits& limits);

// Nothing if there is none; Seal{} if it is damaged.
[[nodiscard]] Result<std::optional<Seal>> read_seal(const OpenedSegment& segment);

// SHA-256 of the first `end` bytes, ready to go on.
[[nodiscard]] Result<std::unique_ptr<base::Sha256>> hash_file(const base::File& file, std::uint64_t end);

}  // namespace penstock::journal
