#pragma once

// Takes the primitives of the wire format from bytes that nobody vouches for. Never throws, and believes no length that the
// bytes themselves do not back. The first fault sticks: after it every call returns zero or empty, so that a decoder needs to ask
// only once, at its end (and in loops).

#include <bit>
#include <cstdint>
#include <cstring>
#include <limits>
#include <string>
#include <string_view>
#include <vector>

#include <penstock/result.hpp>

#include "core/wire/buffer.hpp"

namespace penstock::wire {

// Borrows the bytes, which must outlive it and every text() taken from it.
class Reader {
public:
    explicit Reader(Bytes bytes) noexcept : bytes_(bytes), end_(bytes.size()) {}

    [[nodiscard]] std::uint8_t byte();
    [[nodiscard]] bool boolean();  // a byte that is 0 or 1
    [[nodiscard]] std::uint64_t varint(std::uint64_t most = std::numeric_limits<std::uint64_t>::max());
    [[nodiscard]] std::int64_t zigzag();
    [[nodiscard]] std::uint64_t fixed64();
    [[nodiscard]] std::string_view text();
    // How many elements a list announces: refused if they cannot lie in the bytes that remain (each takes `least_bytes`, at
    // least 1), or if the message would have more than kMaxElements.
    [[nodiscard]] std::size_t count(std::size_t least_bytes = 1);
    // A list of numbers as they lie in memory. Backed by its bytes, so its elements are not counted.
    template <class T>
    void column(std::vector<T>& into) {
        static_assert(std::endian::native == std::endian::little);
        const auto bytes = column_bytes(sizeof(T));
        into.resize(bytes.size() / sizeof(T));
        if (!bytes.empty()) std::memcpy(into.data(), bytes.data(), bytes.size());
    }

    // Enters a block: from here the end is the block's. Returns the end outside, for leave_block(), which skips what is left
    // of the block: fields that this version does not know.
    [[nodiscard]] std::size_t enter_block();
    void leave_block(std::size_t outer_end) noexcept;

    [[nodiscard]] std::size_t remaining() const noexcept { return end_ - at_; }
    [[nodiscard]] std::size_t size() const noexcept { return bytes_.size(); }
    [[nodiscard]] bool at_end() const noexcept { return at_ == end_; }
    [[nodiscard]] Bytes rest() const noexcept { return bytes_.subspan(at_, end_ - at_); }

    // The name of the field being read, for sentences. A literal.
    void set_field(std::string_view name) noexcept {
        if (ok_) field_ = name;
    }
    void fail(std::string sentence);
    [[nodiscard]] bool ok() const noexcept { return ok_; }
    // Precondition: !ok(). Code protocol: `byte 37, field "tags": a text of 5000 bytes, but 12 bytes remain`.
    [[nodiscard]] Error error() const;

private:
    [[nodiscard]] Bytes column_bytes(std::size_t element_bytes);
    [[nodiscard]] bool has(std::size_t wanted);

    Bytes bytes_;
    std::size_t at_ = 0;
    std::size_t end_;
    std::size_t elements_ = 0;
    std::size_t fault_at_ = 0;
    std::string_view field_;
    std::string fault_;
    bool ok_ = true;
};

}  // namespace penstock::wire
