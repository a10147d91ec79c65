#pragma once

// Numbers into bytes and back. Fixed ones are little endian; a varint has 7 bits a byte, lowest first, the top bit set on all but the
// last; zigzag folds the sign into the lowest bit. The reader never leaves its bytes and never throws: what is missing reads as 0
// and failed() stays true from there on.

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

namespace penstock::sqlite {

static_assert(std::endian::native == std::endian::little, "words are copied as they lie in memory");

[[nodiscard]] constexpr std::uint64_t zigzag(std::int64_t value) noexcept {
    return (static_cast<std::uint64_t>(value) << 1U) ^ static_cast<std::uint64_t>(value >> 63);
}
[[nodiscard]] constexpr std::int64_t unzigzag(std::uint64_t value) noexcept {
    return static_cast<std::int64_t>((value >> 1U) ^ (0 - (value & 1U)));
}
[[nodiscard]] constexpr std::size_t varint_size(std::uint64_t value) noexcept {
    return (static_cast<std::size_t>(std::bit_width(value | 1U)) + 6) / 7;
}

// Signed arithmetic that wraps: times and values may lie anywhere.
[[nodiscard]] constexpr std::int64_t wrapped_sum(std::int64_t a, std::int64_t b) noexcept {
    return static_cast<std::int64_t>(static_cast<std::uint64_t>(a) + static_cast<std::uint64_t>(b));
}
[[nodiscard]] constexpr std::int64_t wrapped_difference(std::int64_t a, std::int64_t b) noexcept {
    return static_cast<std::int64_t>(static_cast<std::uint64_t>(a) - static_cast<std::uint64_t>(b));
}
[[nodiscard]] constexpr std::int64_t wrapped_product(std::int64_t a, std::int64_t b) noexcept {
    return static_cast<std::int64_t>(static_cast<std::uint64_t>(a) * static_cast<std::uint64_t>(b));
}

class ByteWriter {
public:
    explicit ByteWriter(std::string& out) noexcept : out_(out) {}

    void byte(unsigned value) { out_.push_back(static_cast<char>(value)); }
    void varint(std::uint64_t value) {
        while (value >= 0x80) {
            byte(static_cast<unsigned>(value & 0x7F) | 0x80U);
            value >>= 7U;
        }
        byte(static_cast<unsigned>(value));
    }
    void signed_varint(std::int64_t value) { varint(zigzag(value)); }
    void fixed32(std::uint32_t value) { raw(&value, sizeof value); }
    void fixed64(std::uint64_t value) { raw(&value, sizeof value); }
    void text(std::string_view bytes) {
        varint(bytes.size());
        out_.append(bytes);
    }
    void raw(const void* bytes, std::size_t size) { out_.append(static_cast<const char*>(bytes), size); }
    [[nodiscard]] std::string& out() noexcept { return out_; }

private:
    std::string& out_;
};

class ByteReader {
public:
    explicit ByteReader(std::string_view bytes) noexcept : begin_(bytes.data()), at_(begin_), end_(begin_ + bytes.size()) {}

    [[nodiscard]] unsigned byte() noexcept {
        if (at_ == end_) return fail();
        return static_cast<unsigned char>(*at_++);
    }
    [[nodiscard]] std::uint64_t varint() noexcept {
        std::uint64_t value = 0;
        for (unsigned shift = 0; shift < 64; shift += 7) {
            if (at_ == end_) return fail();
            const auto next = static_cast<unsigned char>(*at_++);
            value |= static_cast<std::uint64_t>(next & 0x7FU) << shift;
            if (next < 0x80) return value;
        }
        return fail();
    }
    [[nodiscard]] std::int64_t signed_varint() noexcept { return unzigzag(varint()); }
    [[nodiscard]] std::uint32_t fixed32() noexcept { return fixed<std::uint32_t>(); }
    [[nodiscard]] std::uint64_t fixed64() noexcept { return fixed<std::uint64_t>(); }
    [[nodiscard]] std::string_view text() noexcept { return take(varint()); }
    // The next `size` bytes, or none of them.
    [[nodiscard]] std::string_view take(std::uint64_t size) noexcept {
        if (size > left()) {
            fail();
            return {};
        }
        const std::string_view taken(at_, static_cast<std::size_t>(size));
        at_ += size;
        return taken;
    }
    [[nodiscard]] std::size_t left() const noexcept { return static_cast<std::size_t>(end_ - at_); }
    [[nodiscard]] std::size_t offset() const noexcept { return static_cast<std::size_t>(at_ - begin_); }
    [[nodiscard]] bool failed() const noexcept { return has_failed_; }
    unsigned fail() noexcept {
        has_failed_ = true;
        at_ = end_;
        return 0;
    }

private:
    template <class T>
    T fixed() noexcept {
        T value{};
        const auto bytes = take(sizeof value);
        if (!bytes.empty()) std::memcpy(&value, bytes.data(), sizeof value);
        return value;
    }

    const char* begin_;
    const char* at_;
    const char* end_;
    bool has_failed_ = false;
};

}  // namespace penstock::sqlite
