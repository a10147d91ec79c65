#include "core/journal/lost_record.hpp"

#include <cstring>

namespace penstock::journal {
namespace {

// version (1), records, bytes, first, last (8 each), then the cause as text.
constexpr std::byte kVersion{1};
constexpr std::size_t kFixed = 1 + 4 * 8;

}  // namespace

std::vector<std::byte> encode(const LostRecord& lost) {
    std::vector<std::byte> body(kFixed + lost.cause.size());
    body[0] = kVersion;
    const std::int64_t times[] = {to_ns(lost.first), to_ns(lost.last)};
    std::memcpy(body.data() + 1, &lost.records, 8);
    std::memcpy(body.data() + 9, &lost.bytes, 8);
    std::memcpy(body.data() + 17, times, sizeof times);
    std::memcpy(body.data() + kFixed, lost.cause.data(), lost.cause.size());
    return body;
}

Result<LostRecord> decode_lost_record(std::span<const std::byte> body) {
    if (body.size() < kFixed || body[0] != kVersion) {
        return fail(ErrorCode::protocol,
                    "a record of what was lost has " + std::to_string(body.size()) + " bytes, or another version than 1");
    }
    LostRecord lost;
    std::int64_t times[2] = {};
    std::memcpy(&lost.records, body.data() + 1, 8);
    std::memcpy(&lost.bytes, body.data() + 9, 8);
    std::memcpy(times, body.data() + 17, sizeof times);
    lost.first = utc_from_ns(times[0]);
    lost.last = utc_from_ns(times[1]);
    lost.cause.assign(reinterpret_cast<const char*>(body.data()) + kFixed, body.size() - kFixed);
    return lost;
}

}  // namespace penstock::journal
