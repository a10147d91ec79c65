#include "core/journal/segment_format.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <charconv>
#include <cstring>

#include "core/base/crc32c.hpp"

namespace penstock::journal {
namespace {

static_assert(std::endian::native == std::endian::little, "the journal's numbers are little-endian");

constexpr std::string_view kHeadMagic = "PENSTJNL";
constexpr std::string_view kSealMagic = "PENSTEND";

template <class T>
void put(std::span<std::byte> bytes, std::size_t at, T value) noexcept {
    std::memcpy(bytes.data() + at, &value, sizeof value);
}

template <class T>
T get(std::span<const std::byte> bytes, std::size_t at) noexcept {
    T value{};
    std::memcpy(&value, bytes.data() + at, sizeof value);
    return value;
}

std::string_view text(std::span<const std::byte> bytes) noexcept {
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

void put_text(std::span<std::byte> bytes, std::size_t at, std::string_view value) noexcept {
    std::memcpy(bytes.data() + at, value.data(), value.size());
}

std::uint32_t page_crc(std::span<const std::byte> page) noexcept { return base::crc32c(text(page.first(kPageBytes - 4))); }

// All of a seal lies in one sector: a power cut leaves it whole or not at all.
std::uint32_t seal_crc(std::span<const std::byte> page, std::uint32_t head_crc) noexcept {
    return base::crc32c(text(page.first(24)), head_crc);
}

}  // namespace

std::string_view to_string(LaneKind kind) noexcept { return kind == LaneKind::events ? "events" : "values"; }

void encode_head(SegmentHead& head, std::span<std::byte, kPageBytes> page) {
    std::ranges::fill(page, std::byte{0});
    put_text(page, 0, kHeadMagic);
    put(page, 8, kFormatVersion);
    put(page, 10, static_cast<std::uint8_t>(head.kind));
    put(page, 11, static_cast<std::uint8_t>(head.hash_chain ? 1 : 0));
    put(page, 16, head.epoch);
    put(page, 24, head.first);
    put(page, 32, head.bytes);
    put(page, 40, head.previous);
    put(page, 72, head.chain);
    put(page, 104, static_cast<std::uint8_t>(head.server_id.size()));
    put_text(page, 105, std::string_view(head.server_id).substr(0, kMaxServerId));
    head.crc = page_crc(page);
    put(page, kPageBytes - 4, head.crc);
}

DecodedHead decode_head(std::span<const std::byte> page) {
    DecodedHead decoded;
    if (page.size() < kPageBytes || text(page.first(kHeadMagic.size())) != kHeadMagic) return decoded;
    auto& head = decoded.head;
    head.crc = page_crc(page);
    if (head.crc != get<std::uint32_t>(page, kPageBytes - 4)) return decoded;
    decoded.version = get<std::uint16_t>(page, 8);
    decoded.state = HeadState::other_version;
    if (decoded.version != kFormatVersion) return decoded;
    head.kind = LaneKind{get<std::uint8_t>(page, 10)};
    head.hash_chain = get<std::uint8_t>(page, 11) == 1;
    head.epoch = get<std::uint64_t>(page, 16);
    head.first = get<std::uint64_t>(page, 24);
    head.bytes = get<std::uint64_t>(page, 32);
    head.previous = get<base::Digest>(page, 40);
    head.chain = get<base::Digest>(page, 72);
    head.server_id = text(page.subspan(105, get<std::uint8_t>(page, 104)));
    decoded.state = head.bytes >= kLeastSegmentBytes ? HeadState::good : HeadState::damaged;
    return decoded;
}

void encode_seal(const Seal& seal, std::uint32_t head_crc, std::span<std::byte, kPageBytes> page) {
    std::ranges::fill(page, std::byte{0});
    put_text(page, 0, kSealMagic);
    put(page, 8, seal.end);
    put(page, 16, seal.position);
    put(page, 24, seal_crc(page, head_crc));
}

std::optional<Seal> decode_seal(std::span<const std::byte> page, std::uint32_t head_crc) {
    if (is_zero(page)) return std::nullopt;
    if (page.size() < kPageBytes || text(page.first(kSealMagic.size())) != kSealMagic) return Seal{};
    if (seal_crc(page, head_crc) != get<std::uint32_t>(page, 24) || !is_zero(page.subspan(28))) return Seal{};
    return Seal{get<std::uint64_t>(page, 8), get<std::uint64_t>(page, 16)};
}

void encode_record_head(const RecordHead& head, std::span<std::byte> record) noexcept {
    put(record, 4, head.length);
    put(record, 8, kRecordMark);
    put(record, 10, static_cast<std::uint16_t>(head.type));
    put(record, 12, head.in_group);
    put(record, 16, head.sequence);
    put(record, 24, to_ns(head.time.utc));
    put(record, 32, to_ns(head.time.monotonic));
}

std::optional<RecordHead> decode_record_head(std::span<const std::byte> record) noexcept {
    if (get<std::uint16_t>(record, 8) != kRecordMark) return std::nullopt;
    return RecordHead{.crc = get<std::uint32_t>(record, 0),
                      .length = get<std::uint32_t>(record, 4),
                      .type = RecordType{get<std::uint16_t>(record, 10)},
                      .in_group = get<std::uint32_t>(record, 12),
                      .sequence = get<std::uint64_t>(record, 16),
                      .time = {utc_from_ns(get<std::int64_t>(record, 24)), monotonic_from_ns(get<std::int64_t>(record, 32))}};
}

std::uint32_t record_crc(std::span<const std::byte> record, std::uint32_t head_crc) noexcept {
    return base::crc32c(text(record.subspan(4)), head_crc);
}

void put_chain(const base::Digest& digest, std::span<std::byte> record) noexcept { put(record, kRecordHeadBytes, digest); }

void put_record_crc(std::span<std::byte> record, std::uint32_t head_crc) noexcept {
    put(record, 0, record_crc(record, head_crc));
}

base::Digest chain_digest(base::Sha256& hash, const base::Digest& before, std::span<const std::byte> record, std::size_t body) {
    // One call for the fixed part: each update costs as much as hashing 60 bytes.
    std::array<std::byte, sizeof(base::Digest) + 32> fixed{};
    std::memcpy(fixed.data(), before.data(), before.size());
    std::memcpy(fixed.data() + 32, record.data() + 4, 8);    // length, mark, type
    std::memcpy(fixed.data() + 40, record.data() + 16, 24);  // sequence, both times
    hash.update(fixed);
    hash.update(record.subspan(kRecordHeadBytes + sizeof(base::Digest), body));
    return hash.finish_digest();
}

std::string segment_name(Position first) {
    const auto digits = std::to_string(first);
    return std::string(20 - digits.size(), '0') + digits + ".seg";
}

std::optional<Position> parse_segment_name(std::string_view name) {
    if (name.size() != 24 || !name.ends_with(".seg")) return std::nullopt;
    Position first = 0;
    const auto [end, error] = std::from_chars(name.data(), name.data() + 20, first);
    if (error != std::errc{} || end != name.data() + 20) return std::nullopt;
    return first;
}

bool is_zero(std::span<const std::byte> bytes) noexcept {
    return bytes.empty() || (bytes[0] == std::byte{0} && std::memcmp(bytes.data(), bytes.data() + 1, bytes.size() - 1) == 0);
}

}  // namespace penstock::journal
