#include "core/journal/segment_check.hpp"

#include <algorithm>
#include <array>
#include <cstring>

#include "core/journal/segment_scan.hpp"

namespace penstock::journal {
namespace {

Result<DecodedHead> read_head(const base::File& file, std::uint64_t offset) {
    std::array<std::byte, kPageBytes> page{};
    const auto got = file.read(offset, page);
    if (!got) return std::unexpected(got.error());
    return decode_head(std::span(page).first(*got));
}

std::string range_text(Position from, Position to) {
    if (to == from + 1) return "record " + std::to_string(from) + " is";
    return "records " + std::to_string(from) + " to " + std::to_string(to - 1) + " are";
}

// Goes through one segment; remembers the first damage that may be a torn write until a later group proves otherwise.
class Checker {
public:
    Checker(const OpenedSegment& segment, const std::string& name, SparseIndex* index, const CheckLimits& limits)
        : name_(name),
          index_(index),
          limits_(limits),
          scan_(*segment.file, segment.head.head, kPageBytes, limits.until, segment.head.head.first) {
        check_.end = kPageBytes;
        check_.position = segment.head.head.first;
        check_.chain = segment.head.head.chain;
    }

    Result<SegmentCheck> run() {
        ScannedRecord record;
        for (;;) {
            const auto found = scan_.next(record);
            if (!found) return std::unexpected(found.error());
            if (!*found) break;
            if (record.head.sequence >= limits_.before) {
                check_.stopped_early = true;
                break;
            }
            take(record);
        }
        const auto rubbish_end = std::max(scan_.rubbish_end(), check_.end);
        if (suspect_) check_ = std::move(*suspect_);
        check_.rubbish_end = rubbish_end;
        return std::move(check_);
    }

private:
    void take(const ScannedRecord& record) {
        const auto group_start = record.head.sequence - record.head.in_group;
        if (suspect_ && group_start > suspect_->position) suspect_.reset();
        const bool contiguous = !record.follows_damage && record.head.sequence == check_.position;
        if (!contiguous) {
            const bool may_be_torn = limits_.cut_torn && check_.position >= limits_.synced && group_start <= check_.position;
            if (may_be_torn && !suspect_) suspect_ = check_;
            report(record);
        }
        if (!record.chain.empty()) check_chain(record, contiguous);
        if (index_ != nullptr && !suspect_) index_->add({record.head.sequence, record.offset});
        ++check_.records;
        check_.end = record.end;
        check_.position = record.head.sequence + 1;
        check_.last_time = record.head.time;
    }

    void report(const ScannedRecord& record) {
        const auto from = check_.position;
        const auto to = record.head.sequence;
        check_.lost += to - from;
        const auto bytes = std::to_string(record.offset - check_.end) + " bytes at byte " + std::to_string(check_.end);
        check_.findings.push_back(name_ + ": " + bytes + " hold no whole record: the checksum is wrong; "
                                  + (from == to ? std::string("no record is missing") : range_text(from, to) + " lost"));
    }

    void check_chain(const ScannedRecord& record, bool contiguous) {
        const auto digest = chain_digest(hash_, check_.chain, record.bytes, record.body.size());
        const bool fits = std::ranges::equal(digest, record.chain);
        std::ranges::copy(record.chain, check_.chain.begin());
        // Behind a hole the digest cannot fit; the hole has been reported.
        if (fits || !contiguous) return;
        check_.findings.push_back(
            name_ + ": record " + std::to_string(record.head.sequence) + " at byte " + std::to_string(record.offset)
            + ": its digest does not continue that of the record before; one of them was put there later");
    }

    const std::string& name_;
    SparseIndex* index_;
    const CheckLimits& limits_;
    SegmentScan scan_;
    base::Sha256 hash_;
    SegmentCheck check_;
    std::optional<SegmentCheck> suspect_;  // as it was before that damage
};

}  // namespace

std::uint64_t OpenedSegment::records_end() const noexcept { return std::min(bytes, head.head.records_end()); }

Result<OpenedSegment> open_segment(base::FileSystem& files, const std::filesystem::path& path, base::OpenMode mode) {
    auto file = files.open(path, mode);
    if (!file) return std::unexpected(file.error());
    const auto size = (*file)->size();
    if (!size) return std::unexpected(size.error());
    auto head = read_head(**file, 0);
    if (!head) return std::unexpected(head.error());
    auto copy = *size < 2 * kPageBytes ? Result<DecodedHead>(DecodedHead{}) : read_head(**file, *size - kPageBytes);
    if (!copy) return std::unexpected(copy.error());
    OpenedSegment opened{std::move(*file), *size, *head, false};
    if (head->state == HeadState::damaged) opened.head = *copy;
    opened.head_repairable = head->state != copy->state;
    return opened;
}

Result<SegmentCheck> check_segment(const OpenedSegment& segment, const std::string& name, SparseIndex* index,
                                   const CheckLimits& limits) {
    return Checker(segment, name, index, limits).run();
}

Result<std::optional<Seal>> read_seal(const OpenedSegment& segment) {
    const auto& head = segment.head.head;
    if (segment.bytes != head.bytes) return std::nullopt;  // cut short: where the seal was is gone
    std::array<std::byte, kPageBytes> page{};
    const auto got = segment.file->read(head.records_end(), page);
    if (!got) return std::unexpected(got.error());
    return decode_seal(std::span(page).first(*got), head.crc);
}

Result<std::unique_ptr<base::Sha256>> hash_file(const base::File& file, std::uint64_t end) {
    constexpr std::size_t kPart = 1024 * 1024;
    auto hash = std::make_unique<base::Sha256>();
    const auto part = std::make_unique_for_overwrite<std::byte[]>(kPart);
    for (std::uint64_t at = 0; at < end;) {
        const std::span into(part.get(), static_cast<std::size_t>(std::min<std::uint64_t>(kPart, end - at)));
        const auto got = file.read(at, into);
        if (!got) return std::unexpected(got.error());
        if (*got == 0) break;
        hash->update(into.first(*got));
        at += *got;
    }
    return hash;
}

}  // namespace penstock::journal
