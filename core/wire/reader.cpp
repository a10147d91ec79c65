#include "core/wire/reader.hpp"

namespace penstock::wire {

void Reader::fail(std::string sentence) {
    if (!ok_) return;
    ok_ = false;
    fault_ = std::move(sentence);
    fault_at_ = at_;
    at_ = end_;
}

Error Reader::error() const {
    std::string text = "byte " + std::to_string(fault_at_);
    if (!field_.empty()) text += ", field \"" + std::string(field_) + '"';
    return Error(ErrorCode::protocol, text + ": " + fault_);
}

bool Reader::has(std::size_t wanted) {
    if (!ok_) return false;
    if (remaining() >= wanted) return true;
    fail(std::to_string(wanted) + " more bytes are needed, " + std::to_string(remaining()) + " remain");
    return false;
}

std::uint8_t Reader::byte() {
    if (!has(1)) return 0;
    return std::to_integer<std::uint8_t>(bytes_[at_++]);
}

bool Reader::boolean() {
    const auto value = byte();
    if (value > 1) fail("a boolean is " + std::to_string(value) + ", wanted 0 or 1");
    return value == 1;
}

std::uint64_t Reader::varint(std::uint64_t most) {
    std::uint64_t value = 0;
    for (unsigned shift = 0; shift < 64; shift += 7) {
        const auto next = byte();
        if (!ok_) return 0;
        if (shift == 63 && next > 1) break;
        value |= static_cast<std::uint64_t>(next & 0x7FU) << shift;
        if (next >= 0x80) continue;
        if (value <= most) return value;
        fail("a number is " + std::to_string(value) + ", wanted at most " + std::to_string(most));
        return 0;
    }
    fail("a number has more than 64 bits");
    return 0;
}

std::int64_t Reader::zigzag() {
    const auto bits = varint();
    return static_cast<std::int64_t>((bits >> 1U) ^ (~(bits & 1U) + 1U));
}

std::uint64_t Reader::fixed64() {
    if (!has(8)) return 0;
    std::uint64_t value = 0;
    for (unsigned i = 0; i < 8; ++i) value |= std::to_integer<std::uint64_t>(bytes_[at_ + i]) << (8 * i);
    at_ += 8;
    return value;
}

std::string_view Reader::text() {
    const auto size = varint();
    if (size > remaining()) {
        fail("a text of " + std::to_string(size) + " bytes is announced, " + std::to_string(remaining()) + " remain");
        return {};
    }
    const auto part = bytes_.subspan(at_, static_cast<std::size_t>(size));
    at_ += part.size();
    return {reinterpret_cast<const char*>(part.data()), part.size()};
}

std::size_t Reader::count(std::size_t least_bytes) {
    const auto announced = varint();
    if (announced > remaining() / least_bytes) {
        fail("a list of " + std::to_string(announced) + " elements is announced, " + std::to_string(remaining())
             + " bytes remain");
        return 0;
    }
    if (announced > kMaxElements - elements_) {
        fail("the message has more than " + std::to_string(kMaxElements) + " list elements");
        return 0;
    }
    elements_ += static_cast<std::size_t>(announced);
    return static_cast<std::size_t>(announced);
}

Bytes Reader::column_bytes(std::size_t element_bytes) {
    const auto announced = varint();
    if (announced > remaining() / element_bytes) {
        fail("a column of " + std::to_string(announced) + " numbers is announced, " + std::to_string(remaining())
             + " bytes remain");
        return {};
    }
    const auto part = bytes_.subspan(at_, static_cast<std::size_t>(announced) * element_bytes);
    at_ += part.size();
    return part;
}

std::size_t Reader::enter_block() {
    const auto outer_end = end_;
    const auto size = varint();
    if (size > remaining()) {
        fail("a structure of " + std::to_string(size) + " bytes is announced, " + std::to_string(remaining()) + " remain");
        return outer_end;
    }
    end_ = at_ + static_cast<std::size_t>(size);
    return outer_end;
}

void Reader::leave_block(std::size_t outer_end) noexcept {
    at_ = ok_ ? end_ : outer_end;
    end_ = outer_end;
}

}  // namespace penstock::wire
