#pragma once

// The bounded queue between one producer and the engine. Neither side ever waits for the other: no lock, no retry.
//
// When it is full, the producer merges what it has into one overflow batch (batch_merger.hpp) that is handed over by
// exchanging a pointer. The overflow batch says after which position of the queue it belongs, so order is kept: the
// producer queues nothing behind it until the engine has taken it or there is room to queue it.

#include <array>
#include <atomic>
#include <cstdint>
#include <memory>
#include <string_view>
#include <vector>

#include "core/engine/batch.hpp"
#include "core/engine/batch_merger.hpp"

namespace penstock::engine {

class BatchQueue final {
public:
    static constexpr std::size_t kSlots = 256;  // batches that may wait
    static constexpr std::size_t kBlobBytes = 64U << 20U;  // bytes of strings and arrays that may wait
    static constexpr int kFreeBatches = 3;  // kept for reuse; the newest first, while it is in the cache

    BatchQueue(std::size_t capacity, std::vector<bool> blob_items, std::size_t items);
    ~BatchQueue();
    BatchQueue(const BatchQueue&) = delete;
    BatchQueue& operator=(const BatchQueue&) = delete;

    // --- the producer ---
    void publish(const abi::Columns& columns, Now received);
    void all_bad(QualityCode quality, std::string_view cause, Now received);

    // --- the engine ---
    // The oldest batch; null if there is none. To be given back.
    [[nodiscard]] Batch* pop();
    void give_back(Batch* batch);
    [[nodiscard]] bool is_empty() const noexcept;

    // --- [any-thread] ---
    [[nodiscard]] std::uint64_t waiting() const noexcept;
    [[nodiscard]] std::uint64_t most_waiting() const noexcept { return most_waiting_.load(std::memory_order_relaxed); }
    [[nodiscard]] std::uint64_t merged() const noexcept { return merged_.load(std::memory_order_relaxed); }

private:
    [[nodiscard]] bool has_room(std::size_t rows, std::size_t blob_bytes) const noexcept;
    [[nodiscard]] Batch* take_free();
    void push(Batch* batch);
    // The overflow batch if it has to wait on: what comes now merges into it. Null: nothing waits (any more), and `rows`
    // have room.
    [[nodiscard]] Batch* overflow_for(std::size_t rows, std::size_t blob_bytes);
    void hand_over(Batch* overflow);

    const std::size_t capacity_;
    std::array<std::atomic<Batch*>, kSlots> slots_{};
    // The producer's:
    alignas(64) std::atomic<std::uint64_t> tail_{0};
    std::atomic<std::uint64_t> pushed_rows_{0};
    std::atomic<std::uint64_t> merged_{0};
    std::atomic<std::uint64_t> most_waiting_{0};
    std::uint64_t pushed_blob_ = 0;
    BatchMerger merger_;
    // The engine's:
    alignas(64) std::atomic<std::uint64_t> head_{0};
    std::atomic<std::uint64_t> popped_rows_{0};
    std::atomic<std::uint64_t> popped_blob_{0};
    Batch* held_ = nullptr;  // an overflow batch whose turn has not come
    // Both:
    alignas(64) std::atomic<Batch*> overflow_{nullptr};
    std::atomic<Batch*> free_{
        nullptr};  // a stack: the engine pushes, the producer alone pops, so a popped batch cannot come back in between
    std::atomic<int> free_count_{0};
};

}  // namespace penstock::engine
