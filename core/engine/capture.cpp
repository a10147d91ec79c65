#include "core/engine/capture.hpp"

#include <algorithm>
#include <atomic>

namespace penstock::engine {
namespace {

void allocate_rows(CaptureBlock& block) {
    block.tag = std::make_unique_for_overwrite<tags::TagId[]>(CaptureBlock::kRows);
    block.time = std::make_unique_for_overwrite<std::int64_t[]>(CaptureBlock::kRows);
    block.state = std::make_unique_for_overwrite<std::uint64_t[]>(CaptureBlock::kRows);
    block.word = std::make_unique_for_overwrite<std::uint64_t[]>(CaptureBlock::kRows);
}

// One writer, so no atomic addition is needed.
void add_to(std::atomic<std::uint64_t>& counter, std::uint64_t more) noexcept {
    counter.store(counter.load(std::memory_order_relaxed) + more, std::memory_order_relaxed);
}

}  // namespace

struct Capture::Slot : CaptureBlock {
    std::uint64_t number = 0;  // in order of their beginning
    Slot* next_free = nullptr;
};

struct Capture::Parts {
    Parts(tags::TagId id_limit, std::uint32_t blocks) : is_lost(id_limit), full(blocks) {
        slots.reserve(blocks);
        allocate_rows(bin);
    }

    [[nodiscard]] Slot* take_free();

    // The engine's:
    std::vector<std::unique_ptr<Slot>> slots;  // all; their number is bounded by `full`
    std::uint64_t next_number = 0;
    Now now{};  // of the cycle
    CaptureBlock bin;  // takes the rows that are given up
    std::uint32_t counted = 0;  // rows of the current block that are in `samples`
    std::vector<tags::TagId> lost_tags;
    std::vector<bool> is_lost;  // by tag: is in lost_tags
    std::int64_t lost_from = 0;
    std::atomic<std::uint64_t> samples{0}, lost{0};
    // From the engine to the other thread: full blocks, and the open one.
    std::vector<Slot*> full;  // a ring, as long as there may be blocks, so it never overflows
    alignas(64) std::atomic<std::uint64_t> tail{0};
    alignas(64) std::atomic<std::uint64_t> head{0};
    alignas(64) std::atomic<Slot*> open{nullptr};
    // And back: a stack. The engine alone pops, so a popped block cannot come back in between.
    std::atomic<Slot*> free{nullptr};
    // The other thread's: taken while it lay open, but older ones are to go first.
    Slot* held = nullptr;
};

Capture::Capture(tags::TagId id_limit, std::uint32_t blocks)
    : parts_(std::make_unique<Parts>(id_limit, std::max(blocks, 1U))) {}

Capture::~Capture() = default;

Capture::Slot* Capture::Parts::take_free() {
    auto* slot = free.load(std::memory_order_acquire);
    while (slot != nullptr && !free.compare_exchange_weak(slot, slot->next_free, std::memory_order_acq_rel)) {
    }
    if (slot != nullptr || slots.size() == full.size()) return slot;
    slots.push_back(std::make_unique<Slot>());
    allocate_rows(*slots.back());
    return slots.back().get();
}

bool Capture::make_room(std::uint32_t rows) {
    if (current_ == nullptr) {
        open_block_ = parts_->open.exchange(nullptr, std::memory_order_acq_rel);
        current_ = open_block_;
        parts_->counted = current_ == nullptr ? 0 : current_->count;
        const bool has_room = current_ != nullptr && CaptureBlock::kRows - current_->count >= rows;
        if (has_room && parts_->lost_tags.empty()) return true;
    }
    finish_block();
    return begin_block();
}

// The current block goes where it belongs: to the other thread, or into nothing.
void Capture::finish_block() {
    if (is_full_) {
        for (std::uint32_t row = 0; row < current_->count; ++row) lose(current_->tag[row], current_->time[row]);
    } else if (current_ != nullptr) {
        count_samples();
        current_->at = parts_->now;
        const auto tail = parts_->tail.load(std::memory_order_relaxed);
        parts_->full[tail % parts_->full.size()] = open_block_;
        parts_->tail.store(tail + 1, std::memory_order_release);
    }
    is_full_ = false;
    open_block_ = nullptr;
    current_ = nullptr;
}

bool Capture::begin_block() {
    auto& parts = *parts_;
    open_block_ = parts.take_free();
    parts.counted = 0;
    if (open_block_ == nullptr) {
        is_full_ = true;
        current_ = &parts.bin;
        current_->count = 0;
        return false;
    }
    current_ = open_block_;
    open_block_->number = parts.next_number++;
    current_->count = 0;
    current_->blob.clear();
    current_->lost.clear();
    current_->lost.swap(parts.lost_tags);
    current_->lost_from = parts.lost_from;
    for (const auto tag : current_->lost) parts.is_lost[tag] = false;
    return true;
}

void Capture::add_blob(tags::TagId tag, std::int64_t time, std::uint64_t state, std::string_view bytes) {
    if (!is_full_ && current_->blob.size() + bytes.size() > CaptureBlock::kBlobBytes) {
        finish_block();
        begin_block();
    }
    if (is_full_) return add(tag, time, state, 0);
    const auto offset = static_cast<std::uint64_t>(current_->blob.size());
    current_->blob.append(bytes);
    add(tag, time, state, offset << 32U | bytes.size());
}

void Capture::lose(tags::TagId tag, std::int64_t time) {
    auto& parts = *parts_;
    add_to(parts.lost, 1);
    parts.lost_from = parts.lost_tags.empty() ? time : std::min(parts.lost_from, time);
    if (parts.is_lost[tag]) return;
    parts.is_lost[tag] = true;
    parts.lost_tags.push_back(tag);
}

void Capture::count_samples() {
    add_to(parts_->samples, current_->count - parts_->counted);
    parts_->counted = current_->count;
}

void Capture::begin_cycle(Now now) { parts_->now = now; }

void Capture::end_cycle(Now now) {
    parts_->now = now;
    if (is_full_) finish_block();
    if (current_ == nullptr && !parts_->lost_tags.empty() && !make_room(1)) finish_block();  // those that know must be told
    if (current_ == nullptr) return;
    count_samples();
    current_->at = now;
    parts_->open.store(open_block_, std::memory_order_release);
    open_block_ = nullptr;
    current_ = nullptr;
}

// An open block may be taken only after the full ones before it; between the look at those and the taking the engine may have
// filled some more. Numbers tell.
CaptureBlock* Capture::pop() {
    auto& parts = *parts_;
    const auto first_full = [&]() -> Slot* {
        const auto head = parts.head.load(std::memory_order_relaxed);
        if (head == parts.tail.load(std::memory_order_acquire)) return nullptr;
        return parts.full[head % parts.full.size()];
    };
    auto* slot = first_full();
    if (slot == nullptr && parts.held == nullptr) {
        parts.held = parts.open.exchange(nullptr, std::memory_order_acq_rel);
        slot = first_full();
    }
    if (parts.held != nullptr && (slot == nullptr || parts.held->number < slot->number)) {
        slot = parts.held;
        parts.held = nullptr;
        return slot;
    }
    if (slot != nullptr) parts.head.store(parts.head.load(std::memory_order_relaxed) + 1, std::memory_order_release);
    return slot;
}

void Capture::give_back(CaptureBlock* block) {
    auto* slot = static_cast<Slot*>(block);
    slot->next_free = parts_->free.load(std::memory_order_relaxed);
    while (!parts_->free.compare_exchange_weak(slot->next_free, slot, std::memory_order_acq_rel)) {
    }
}

std::uint64_t Capture::samples() const noexcept { return parts_->samples.load(std::memory_order_relaxed); }
std::uint64_t Capture::lost() const noexcept { return parts_->lost.load(std::memory_order_relaxed); }

}  // namespace penstock::engine
