#include "core/journal/segment_scan.hpp"

#include <algorithm>
#include <cstring>

namespace penstock::journal {
namespace {

constexpr std::size_t kWindowBytes = 1024 * 1024;

// How many bytes in front are zero, in words of 8: the unused rest of a segment is passed at the speed of memory.
std::size_t zero_words(std::span<const std::byte> bytes) noexcept {
    std::size_t at = 0;
    for (; at + 8 <= bytes.size(); at += 8) {
        std::uint64_t word = 0;
        std::memcpy(&word, bytes.data() + at, 8);
        if (word != 0) break;
    }
    return at;
}

}  // namespace

SegmentScan::SegmentScan(const base::File& file, const SegmentHead& head, std::uint64_t from, std::uint64_t until,
                         Position expected)
    : file_(file),
      head_crc_(head.crc),
      hash_chain_(head.hash_chain),
      offset_(from),
      until_(until),
      rubbish_end_(from),
      expected_(expected) {}

Result<bool> SegmentScan::next(ScannedRecord& record) {
    rubbish_end_ = offset_;
    const auto here = try_at(offset_, record);
    if (!here) return here;
    const auto found = *here ? here : search(record);
    if (!found || !*found) return found;
    record.follows_damage = record.offset != offset_;
    offset_ = rubbish_end_ = record.end;
    expected_ = record.head.sequence + 1;
    return true;
}

Result<bool> SegmentScan::search(ScannedRecord& record) {
    for (auto at = offset_; at + 8 <= until_;) {
        if (const auto held_on = hold(at, 8); !held_on) return std::unexpected(held_on.error());
        const auto bytes = held(at);
        if (bytes.size() < 8) break;
        const auto zeros = zero_words(bytes);
        at += zeros;
        if (zeros != 0) continue;
        rubbish_end_ = at + 8;
        if (at != offset_) {
            const auto found = try_at(at, record);
            if (!found || *found) return found;
        }
        at += 8;
    }
    return false;
}

Result<bool> SegmentScan::try_at(std::uint64_t offset, ScannedRecord& record) {
    const auto head_bytes = record_bytes(0, hash_chain_);
    if (offset + head_bytes > until_) return false;
    if (const auto held_on = hold(offset, head_bytes); !held_on) return std::unexpected(held_on.error());
    if (held(offset).size() < head_bytes) return false;
    const auto head = decode_record_head(held(offset));
    if (!head || head->length > kMaxRecordBytes) return false;
    // Behind damage the sequence tells how much is missing; no more can be than found room.
    const auto most = expected_ + (offset - offset_) / head_bytes;
    if (head->sequence < expected_ || head->sequence > most) return false;
    const auto size = record_bytes(head->length, hash_chain_);
    if (offset + size > until_) return false;
    if (const auto held_on = hold(offset, size); !held_on) return std::unexpected(held_on.error());
    if (held(offset).size() < size) return false;
    const auto bytes = held(offset).first(size);
    if (record_crc(bytes, head_crc_) != head->crc) return false;
    const auto body_at = kRecordHeadBytes + (hash_chain_ ? sizeof(base::Digest) : 0);
    record.head = *head;
    record.offset = offset;
    record.end = offset + size;
    record.bytes = bytes;
    record.chain = bytes.subspan(kRecordHeadBytes, body_at - kRecordHeadBytes);
    record.body = bytes.subspan(body_at, head->length);
    return true;
}

std::span<const std::byte> SegmentScan::held(std::uint64_t offset) const noexcept {
    const auto skip = offset - window_at_;
    return {window_.get() + skip, window_size_ - skip};
}

Result<void> SegmentScan::hold(std::uint64_t offset, std::uint64_t size) {
    if (offset >= window_at_ && offset + size <= window_at_ + window_size_) return {};
    const auto wanted = static_cast<std::size_t>(std::min(std::max<std::uint64_t>(size, kWindowBytes), until_ - offset));
    // What is there already moves to the front; offsets are multiples of 8, so bodies stay aligned.
    std::size_t kept = 0;
    auto target = wanted > capacity_ ? std::make_unique_for_overwrite<std::byte[]>(wanted) : nullptr;
    auto* const to = target ? target.get() : window_.get();
    if (offset >= window_at_ && offset < window_at_ + window_size_) {
        kept = static_cast<std::size_t>(window_at_ + window_size_ - offset);
        std::memmove(to, window_.get() + (offset - window_at_), kept);
    }
    if (target) {
        window_ = std::move(target);
        capacity_ = wanted;
    }
    window_at_ = offset;
    window_size_ = kept;
    if (wanted <= kept) return {};
    const auto got = file_.read(offset + kept, {window_.get() + kept, wanted - kept});
    if (!got) return std::unexpected(got.error());
    window_size_ = kept + *got;
    return {};
}

}  // namespace penstock::journal
