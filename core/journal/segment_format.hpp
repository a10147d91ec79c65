#pragma once

// Every byte of a segment (docs/decisions/0004-the-journal.md says why). Numbers are little-endian.
//
//     0                  head                                      kPageBytes
//     kPageBytes         records, each at a multiple of 8          ... zero up to the seal
//     size - 2 pages     seal: how far the segment was synced when the lane was closed; zero until then
//     size - 1 page      the head again
//
// The CRC of a record starts from the CRC of its segment's head: bytes of another segment never pass for a record of this one.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "core/base/sha256.hpp"
#include "core/journal/lane.hpp"
#include "core/journal/record.hpp"

namespace penstock::journal {

inline constexpr std::uint16_t kFormatVersion = 1;
inline constexpr std::size_t kPageBytes = 4096;
inline constexpr std::size_t kMaxServerId = 255;
inline constexpr std::uint64_t kLeastSegmentBytes = 16 * kPageBytes;

struct SegmentHead {
    LaneKind kind = LaneKind::events;
    bool hash_chain = false;
    std::uint64_t epoch = 0;
    Position first = 0;
    std::uint64_t bytes = 0;       // allocated, all of the above
    base::Digest previous{};       // SHA-256 of the segment before, from its first byte to the end of its last record
    base::Digest chain{};          // of the record before the first one; zero if there is none
    std::string server_id;
    std::uint32_t crc = 0;         // of the page; set by encode and decode

    // Where the records end at the latest.
    [[nodiscard]] std::uint64_t records_end() const noexcept { return bytes - 2 * kPageBytes; }
};

// One page; sets head.crc.
void encode_head(SegmentHead& head, std::span<std::byte, kPageBytes> page);
enum class HeadState : std::uint8_t { good, damaged, other_version };
struct DecodedHead {
    HeadState state = HeadState::damaged;
    std::uint16_t version = 0;  // as found, if the page is whole
    SegmentHead head;
};
[[nodiscard]] DecodedHead decode_head(std::span<const std::byte> page);

struct Seal {
    std::uint64_t end = 0;    // byte after the last record
    Position position = 0;    // after the last record
};
void encode_seal(const Seal& seal, std::uint32_t head_crc, std::span<std::byte, kPageBytes> page);
// Nothing if the page is zero; damaged: a seal that can be nothing (end 0).
[[nodiscard]] std::optional<Seal> decode_seal(std::span<const std::byte> page, std::uint32_t head_crc);

struct RecordHead {
    std::uint32_t crc = 0;
    std::uint32_t length = 0;  // of the body
    RecordType type = RecordType::padding;
    std::uint32_t in_group =
        0;  // records of the same sync before it: all before sequence - in_group was durable when this was written
    Position sequence = 0;
    Now time;
};
inline constexpr std::size_t kRecordHeadBytes = 40;
inline constexpr std::uint16_t kRecordMark = 0x5350;  // "PS"

// Head, chain digest if there is one, body, zeros up to a multiple of 8.
[[nodiscard]] constexpr std::size_t record_bytes(std::size_t body, bool hash_chain) noexcept {
    return (kRecordHeadBytes + (hash_chain ? sizeof(base::Digest) : 0) + body + 7) & ~std::size_t{7};
}
// Writes the head without its CRC.
void encode_record_head(const RecordHead& head, std::span<std::byte> record) noexcept;
// The last two things that are written into a record, in this order.
void put_chain(const base::Digest& digest, std::span<std::byte> record) noexcept;
void put_record_crc(std::span<std::byte> record, std::uint32_t head_crc) noexcept;
// Nothing if the mark is missing; says nothing about the CRC. At least kRecordHeadBytes.
[[nodiscard]] std::optional<RecordHead> decode_record_head(std::span<const std::byte> record) noexcept;
// Of a whole record with its padding.
[[nodiscard]] std::uint32_t record_crc(std::span<const std::byte> record, std::uint32_t head_crc) noexcept;
// The digest that joins a record to the one before: SHA-256 of that one's digest, the record's head from length to monotonic time
// without in_group (which a second try in another segment changes), and the body.
[[nodiscard]] base::Digest chain_digest(base::Sha256& hash, const base::Digest& before, std::span<const std::byte> record,
                                        std::size_t body);

[[nodiscard]] std::string segment_name(Position first);  // "00000000000000004711.seg"
[[nodiscard]] std::optional<Position> parse_segment_name(std::string_view name);

[[nodiscard]] bool is_zero(std::span<const std::byte> bytes) noexcept;

}  // namespace penstock::journal
