#include "apps/plantsim/request.hpp"

namespace penstock::plantsim {
namespace {

constexpr std::size_t kHeader = 7;  // transaction, protocol, length, unit

constexpr int kWriteCoil = 5;
constexpr int kWriteRegister = 6;
constexpr int kWriteCoils = 15;
constexpr int kWriteRegisters = 16;
constexpr int kMaskWrite = 22;
constexpr int kReadWrite = 23;

using Bytes = std::span<const std::uint8_t>;

std::uint16_t word(Bytes bytes, std::size_t at) { return static_cast<std::uint16_t>(bytes[at] << 8 | bytes[at + 1]); }

std::optional<WriteRequest> one(PointKind kind, Bytes pdu) {
    if (pdu.size() < 5) return std::nullopt;
    const std::uint16_t value = word(pdu, 3);
    const bool is_coil = kind == PointKind::coil;
    return WriteRequest{kind, word(pdu, 1), {is_coil ? static_cast<std::uint16_t>(value == 0xFF00) : value}};
}

// `at` is where address, count, number of bytes and data begin.
std::optional<WriteRequest> many(PointKind kind, Bytes pdu, std::size_t at) {
    if (pdu.size() < at + 5) return std::nullopt;
    const std::size_t count = word(pdu, at + 2);
    const std::size_t bytes = kind == PointKind::coil ? (count + 7) / 8 : count * 2;
    const Bytes data = pdu.subspan(at + 5);
    if (count == 0 || pdu[at + 4] != bytes || data.size() != bytes) return std::nullopt;
    WriteRequest request{kind, word(pdu, at), {}};
    for (std::size_t i = 0; i < count; ++i) {
        const bool is_coil = kind == PointKind::coil;
        request.words.push_back(is_coil ? static_cast<std::uint16_t>(data[i / 8] >> (i % 8) & 1) : word(data, 2 * i));
    }
    return request;
}

std::optional<WriteRequest> masked(Bytes pdu, const std::function<std::uint16_t(int)>& holding) {
    if (pdu.size() < 7) return std::nullopt;
    const int address = word(pdu, 1);
    const std::uint16_t keep = word(pdu, 3);
    const std::uint16_t set = word(pdu, 5);
    const auto value = static_cast<std::uint16_t>((holding(address) & keep) | (set & ~keep));
    return WriteRequest{PointKind::holding, address, {value}};
}

}  // namespace

std::optional<std::size_t> frame_length(Bytes head) {
    if (head.size() < kHeader) return std::nullopt;
    const std::size_t length = word(head, 4);
    if (word(head, 2) != 0 || length < 2 || 6 + length > kLongestFrame) return 0;
    return 6 + length;
}

std::optional<WriteRequest> write_request(Bytes frame, const std::function<std::uint16_t(int)>& holding) {
    if (frame.size() <= kHeader) return std::nullopt;
    const Bytes pdu = frame.subspan(kHeader);
    switch (pdu[0]) {
        case kWriteCoil: return one(PointKind::coil, pdu);
        case kWriteRegister: return one(PointKind::holding, pdu);
        case kWriteCoils: return many(PointKind::coil, pdu, 1);
        case kWriteRegisters: return many(PointKind::holding, pdu, 1);
        case kMaskWrite: return masked(pdu, holding);
        case kReadWrite: return many(PointKind::holding, pdu, 5);
        default: return std::nullopt;
    }
}

}  // namespace penstock::plantsim
