#pragma once

// Records as they will stand in a segment, but for what only the commit knows: checksum, digest, place in the group. In blocks, so
// that a buffer that grows while the disk is full is never copied, and adding stays a memcpy.

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "core/journal/segment_format.hpp"

namespace penstock::journal {

// One thread at a time.
class RecordBuffer {
public:
    explicit RecordBuffer(bool hash_chain) noexcept : hash_chain_(hash_chain) {}

    void add(const RecordHead& head, std::span<const std::byte> body);
    [[nodiscard]] bool empty() const noexcept { return bytes_ == 0; }
    [[nodiscard]] std::uint64_t bytes() const noexcept { return bytes_; }

    // The bytes of whole records, block by block: how a commit sees them. Empty after the last.
    [[nodiscard]] std::span<std::byte> front() noexcept;
    // The first `size` bytes of front() are done with; they end a record.
    void pop(std::size_t size) noexcept;
    // As pop(), but over several blocks.
    void pop_all(std::uint64_t size) noexcept;
    // Blocks from `skip` bytes behind front() on: what has been written and not yet synced comes first.
    [[nodiscard]] std::span<std::byte> after(std::uint64_t skip) noexcept;

private:
    struct Block {
        std::unique_ptr<std::byte[]> bytes;
        std::size_t capacity = 0, begin = 0, end = 0;
    };
    [[nodiscard]] Block& block_for(std::size_t size);

    bool hash_chain_;
    std::uint64_t bytes_ = 0;
    std::vector<Block> blocks_;
    std::size_t first_ = 0;  // blocks before it are done with
    std::vector<Block> spare_;
};

}  // namespace penstock::journal
