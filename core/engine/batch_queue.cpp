#include "core/engine/batch_queue.hpp"

#include <utility>

namespace penstock::engine {

BatchQueue::BatchQueue(std::size_t capacity, std::vector<bool> blob_items, std::size_t items)
    : capacity_(capacity), merger_(items, std::move(blob_items)) {}

BatchQueue::~BatchQueue() {
    for (auto* batch = pop(); batch != nullptr; batch = pop()) delete batch;
    for (auto* batch = free_.load(); batch != nullptr;) delete std::exchange(batch, batch->next_free);
}

// --- the producer -----------------------------------------------------------------------------------------------------

bool BatchQueue::has_room(std::size_t rows, std::size_t blob_bytes) const noexcept {
    if (tail_.load(std::memory_order_relaxed) - head_.load(std::memory_order_acquire) == kSlots) return false;
    const auto waiting_rows = pushed_rows_.load(std::memory_order_relaxed) - popped_rows_.load(std::memory_order_relaxed);
    const auto waiting_blob = pushed_blob_ - popped_blob_.load(std::memory_order_relaxed);
    if (waiting_rows == 0 && waiting_blob == 0) return true;
    return waiting_rows + rows <= capacity_ && waiting_blob + blob_bytes <= kBlobBytes;
}

Batch* BatchQueue::take_free() {
    auto* batch = free_.load(std::memory_order_acquire);
    while (batch != nullptr) {
        if (free_.compare_exchange_weak(batch, batch->next_free, std::memory_order_acquire)) {
            free_count_.fetch_sub(1, std::memory_order_relaxed);
            batch->clear();
            return batch;
        }
    }
    return new Batch();
}

void BatchQueue::push(Batch* batch) {
    const auto tail = tail_.load(std::memory_order_relaxed);
    pushed_blob_ += batch->blob.size();
    const auto rows = pushed_rows_.load(std::memory_order_relaxed) + batch->size();
    pushed_rows_.store(rows, std::memory_order_relaxed);
    slots_[tail % kSlots].store(batch, std::memory_order_relaxed);
    tail_.store(tail + 1, std::memory_order_release);
    const auto waiting = rows - popped_rows_.load(std::memory_order_relaxed);
    if (waiting > most_waiting_.load(std::memory_order_relaxed)) most_waiting_.store(waiting, std::memory_order_relaxed);
}

Batch* BatchQueue::overflow_for(std::size_t rows, std::size_t blob_bytes) {
    // Only the producer puts a batch there, so a null seen without exchanging stays null.
    auto* overflow = overflow_.load(std::memory_order_relaxed);
    if (overflow != nullptr) overflow = overflow_.exchange(nullptr, std::memory_order_acquire);
    if (overflow != nullptr) {
        if (!has_room(overflow->size(), overflow->blob.size())) return overflow;
        push(overflow);
    }
    if (has_room(rows, blob_bytes)) return nullptr;
    auto* fresh = take_free();
    merger_.begin(*fresh);
    return fresh;
}

void BatchQueue::hand_over(Batch* overflow) {
    overflow->after = tail_.load(std::memory_order_relaxed);
    overflow_.store(overflow, std::memory_order_release);
}

void BatchQueue::publish(const abi::Columns& columns, Now received) {
    auto* overflow = overflow_for(columns.count, columns.blob.size);
    if (overflow != nullptr) {
        merged_.fetch_add(merger_.merge(*overflow, columns, received), std::memory_order_relaxed);
        hand_over(overflow);
        return;
    }
    auto* batch = take_free();
    batch->received = received;
    batch->copy(columns);
    push(batch);
}

void BatchQueue::all_bad(QualityCode quality, std::string_view cause, Now received) {
    auto* overflow = overflow_for(0, 0);
    if (overflow != nullptr) {
        merged_.fetch_add(merger_.merge_all_bad(*overflow, quality, cause, received), std::memory_order_relaxed);
        hand_over(overflow);
        return;
    }
    auto* batch = take_free();
    batch->received = received;
    batch->all_bad = true;
    batch->all_bad_quality = quality;
    batch->all_bad_cause = cause;
    push(batch);
}

// --- the engine -------------------------------------------------------------------------------------------------------

Batch* BatchQueue::pop() {
    if (held_ == nullptr && overflow_.load(std::memory_order_relaxed) != nullptr) {
        held_ = overflow_.exchange(nullptr, std::memory_order_acquire);
    }
    const auto head = head_.load(std::memory_order_relaxed);
    if (held_ != nullptr && held_->after == head) return std::exchange(held_, nullptr);
    if (head == tail_.load(std::memory_order_acquire)) return nullptr;
    auto* batch = slots_[head % kSlots].load(std::memory_order_relaxed);
    popped_rows_.fetch_add(batch->size(), std::memory_order_relaxed);
    popped_blob_.fetch_add(batch->blob.size(), std::memory_order_relaxed);
    head_.store(head + 1, std::memory_order_release);
    return batch;
}

void BatchQueue::give_back(Batch* batch) {
    if (free_count_.load(std::memory_order_relaxed) >= kFreeBatches) {
        delete batch;
        return;
    }
    free_count_.fetch_add(1, std::memory_order_relaxed);
    batch->next_free = free_.load(std::memory_order_relaxed);
    while (!free_.compare_exchange_weak(batch->next_free, batch, std::memory_order_release, std::memory_order_relaxed)) {
    }
}

bool BatchQueue::is_empty() const noexcept {
    return held_ == nullptr && overflow_.load(std::memory_order_relaxed) == nullptr
           && head_.load(std::memory_order_relaxed) == tail_.load(std::memory_order_acquire);
}

std::uint64_t BatchQueue::waiting() const noexcept {
    const auto popped = popped_rows_.load(std::memory_order_relaxed);
    const auto pushed = pushed_rows_.load(std::memory_order_relaxed);
    return pushed > popped ? pushed - popped : 0;
}

}  // namespace penstock::engine
