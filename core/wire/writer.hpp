#pragma once

// Appends the primitives of the wire format to a buffer. docs/protocol.md has the format.

#include <bit>
#include <cstdint>
#include <span>
#include <string_view>

#include "core/wire/buffer.hpp"

namespace penstock::wire {

// Borrows the buffer, which must outlive it. Integers are little endian.
class Writer {
public:
    explicit Writer(Buffer& out) noexcept : out_(&out) {}

    void byte(std::uint8_t value) { out_->push_back(static_cast<std::byte>(value)); }
    void varint(std::uint64_t value);               // 7 bits a byte, lowest first, 1 to 10 bytes
    void zigzag(std::int64_t value);                // 0, -1, 1, -2 ... as varint 0, 1, 2, 3 ...
    void fixed64(std::uint64_t value);              // 8 bytes
    void text(std::string_view bytes);              // varint length, bytes
    // Numbers as they lie in memory, little endian.
    template <class T>
    void column(std::span<const T> numbers) {
        static_assert(std::endian::native == std::endian::little);
        raw(std::as_bytes(numbers));
    }
    template <class T>
    void column(std::span<T> numbers) {
        column(std::span<const T>(numbers));
    }
    void raw(Bytes bytes) { out_->insert(out_->end(), bytes.begin(), bytes.end()); }

    // What is written between the two becomes a block: a varint length and that many bytes. Blocks nest.
    [[nodiscard]] std::size_t begin_block();
    void end_block(std::size_t begun);

    [[nodiscard]] std::size_t size() const noexcept { return out_->size(); }

private:
    Buffer* out_;
};

}  // namespace penstock::wire
