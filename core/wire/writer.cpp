#include "core/wire/writer.hpp"

#include <array>
#include <cstring>

namespace penstock::wire {
namespace {

std::size_t put_varint(std::uint64_t value, std::array<std::byte, 10>& into) noexcept {
    std::size_t size = 0;
    for (; value >= 0x80; value >>= 7U) into[size++] = static_cast<std::byte>((value & 0x7FU) | 0x80U);
    into[size++] = static_cast<std::byte>(value);
    return size;
}

}  // namespace

void Writer::varint(std::uint64_t value) {
    if (value < 0x80) return byte(static_cast<std::uint8_t>(value));
    std::array<std::byte, 10> bytes;
    raw({bytes.data(), put_varint(value, bytes)});
}

void Writer::zigzag(std::int64_t value) {
    const auto bits = static_cast<std::uint64_t>(value);
    varint((bits << 1U) ^ (value < 0 ? ~std::uint64_t{0} : 0));
}

void Writer::fixed64(std::uint64_t value) {
    std::array<std::byte, 8> bytes;
    for (auto& each : bytes) {
        each = static_cast<std::byte>(value & 0xFFU);
        value >>= 8U;
    }
    raw(bytes);
}

void Writer::text(std::string_view bytes) {
    varint(bytes.size());
    raw(std::as_bytes(std::span(bytes)));
}

std::size_t Writer::begin_block() {
    byte(0);  // the length of most blocks fits one byte; end_block makes room for a longer one
    return out_->size();
}

void Writer::end_block(std::size_t begun) {
    std::array<std::byte, 10> length;
    const auto size = put_varint(out_->size() - begun, length);
    (*out_)[begun - 1] = length[0];
    out_->insert(out_->begin() + static_cast<std::ptrdiff_t>(begun), length.begin() + 1,
                 length.begin() + static_cast<std::ptrdiff_t>(size));
}

}  // namespace penstock::wire
