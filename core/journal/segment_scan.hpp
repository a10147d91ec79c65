#pragma once

// Goes through the records of one segment in order, behind every reader of the journal: LaneReader, recovery, verify.
//
// What fails its CRC is searched for the next whole record, 8 bytes at a time: records lie at multiples of 8, and one counts only
// with its mark, a sequence that fits, and a CRC that starts from this segment's head. So damage costs the records it is in.

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>

#include <penstock/result.hpp>

#include "core/base/file_system.hpp"
#include "core/journal/record.hpp"
#include "core/journal/segment_format.hpp"

namespace penstock::journal {

struct ScannedRecord {
    RecordHead head;
    std::uint64_t offset = 0, end = 0;
    std::span<const std::byte> bytes;  // the whole record; valid until the next call
    std::span<const std::byte> chain;  // its digest; empty without a hash chain
    std::span<const std::byte> body;
    // Bytes before it that are no record, and with them the records from expected() to its sequence.
    bool follows_damage = false;
};

class SegmentScan {
public:
    // Records between the offsets `from` and `until`, the first of which has the sequence `expected`. `file` outlives this.
    SegmentScan(const base::File& file, const SegmentHead& head, std::uint64_t from, std::uint64_t until, Position expected);

    // False when there is no further record before `until`.
    [[nodiscard]] Result<bool> next(ScannedRecord& record);
    [[nodiscard]] Position expected() const noexcept { return expected_; }  // sequence of the next record
    [[nodiscard]] std::uint64_t offset() const noexcept { return offset_; }  // after the last record
    // After next() was false: the byte after the last one that is not zero; offset() if all are, which is how a segment ends.
    [[nodiscard]] std::uint64_t rubbish_end() const noexcept { return rubbish_end_; }
    // More has become durable in the segment.
    void extend(std::uint64_t until) noexcept { until_ = until; }

private:
    // Makes the window hold `size` bytes from `offset`, which must lie before until_.
    Result<void> hold(std::uint64_t offset, std::uint64_t size);
    [[nodiscard]] std::span<const std::byte> held(std::uint64_t offset) const noexcept;
    // A whole record at `offset`?
    Result<bool> try_at(std::uint64_t offset, ScannedRecord& record);
    Result<bool> search(ScannedRecord& record);

    const base::File& file_;
    std::uint32_t head_crc_;
    bool hash_chain_;
    std::uint64_t offset_;
    std::uint64_t until_;
    std::uint64_t rubbish_end_;
    Position expected_;
    std::unique_ptr<std::byte[]> window_;
    std::size_t capacity_ = 0;
    std::uint64_t window_at_ = 0;
    std::size_t window_size_ = 0;
};

}  // namespace penstock::journal
