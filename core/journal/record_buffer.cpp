#include "core/journal/record_buffer.hpp"

#include <algorithm>
#include <cstring>
#include <utility>

namespace penstock::journal {
namespace {

constexpr std::size_t kBlockBytes = 1024 * 1024;
constexpr std::size_t kMostSpare = 16;

}  // namespace

void RecordBuffer::add(const RecordHead& head, std::span<const std::byte> body) {
    const auto size = record_bytes(body.size(), hash_chain_);
    auto& block = block_for(size);
    const std::span record(block.bytes.get() + block.end, size);
    encode_record_head(head, record);
    const auto body_at = kRecordHeadBytes + (hash_chain_ ? sizeof(base::Digest) : 0);
    if (!body.empty()) std::memcpy(record.data() + body_at, body.data(), body.size());
    std::memset(record.data() + body_at + body.size(), 0, size - body_at - body.size());
    block.end += size;
    bytes_ += size;
}

RecordBuffer::Block& RecordBuffer::block_for(std::size_t size) {
    if (first_ < blocks_.size() && blocks_.back().capacity - blocks_.back().end >= size) return blocks_.back();
    if (size <= kBlockBytes && !spare_.empty()) {
        blocks_.push_back(std::move(spare_.back()));
        spare_.pop_back();
    } else {
        const auto capacity = std::max(size, kBlockBytes);
        blocks_.push_back({std::make_unique_for_overwrite<std::byte[]>(capacity), capacity, 0, 0});
    }
    return blocks_.back();
}

std::span<std::byte> RecordBuffer::front() noexcept { return after(0); }

std::span<std::byte> RecordBuffer::after(std::uint64_t skip) noexcept {
    for (auto at = first_; at < blocks_.size(); ++at) {
        const auto& block = blocks_[at];
        const auto size = block.end - block.begin;
        if (skip < size) return {block.bytes.get() + block.begin + skip, static_cast<std::size_t>(size - skip)};
        skip -= size;
    }
    return {};
}

void RecordBuffer::pop(std::size_t size) noexcept {
    auto& block = blocks_[first_];
    block.begin += size;
    bytes_ -= size;
    if (block.begin < block.end) return;
    block.begin = block.end = 0;
    if (block.capacity == kBlockBytes && spare_.size() < kMostSpare) spare_.push_back(std::move(block));
    if (++first_ < blocks_.size()) return;
    blocks_.clear();
    first_ = 0;
}

void RecordBuffer::pop_all(std::uint64_t size) noexcept {
    while (size > 0) {
        const auto part = static_cast<std::size_t>(std::min<std::uint64_t>(size, front().size()));
        pop(part);
        size -= part;
    }
}

}  // namespace penstock::journal
