#include "core/base/timer.hpp"

#include <cassert>

namespace penstock::base {
namespace {

constexpr std::uint32_t kFiring = 0x8000'0000;  // slot_ of a timer that waits in firing_: its index + this

}  // namespace

Timer::~Timer() { assert(!is_armed()); }

void TimerHeap::arm(Timer& timer, MonotonicTime due) {
    if (timer.is_armed() && timer.slot_ < kFiring) {
        const auto slot = timer.slot_;
        const bool is_earlier = due < timer.due_;
        timer.due_ = due;
        if (is_earlier)
            sift_up(slot, {due, &timer});
        else
            sift_down(slot, {due, &timer});
        return;
    }
    disarm(timer);
    timer.due_ = due;
    const auto slot = static_cast<std::uint32_t>(heap_.size());
    heap_.push_back({due, &timer});
    sift_up(slot, {due, &timer});
}

void TimerHeap::disarm(Timer& timer) noexcept {
    if (!timer.is_armed()) return;
    const auto slot = std::exchange(timer.slot_, Timer::kIdle);
    if (slot >= kFiring) {
        firing_[slot - kFiring] = nullptr;
        return;
    }
    const Entry last = heap_.back();
    heap_.pop_back();
    if (last.timer == &timer) return;
    if (slot > 0 && last.due < heap_[(slot - 1) / 2].due)
        sift_up(slot, last);
    else
        sift_down(slot, last);
}

std::optional<MonotonicTime> TimerHeap::next_due() const noexcept {
    if (heap_.empty()) return std::nullopt;
    return heap_.front().due;
}

void TimerHeap::fire(MonotonicTime now) noexcept {
    while (!heap_.empty() && heap_.front().due <= now) {
        Timer& timer = *heap_.front().timer;
        disarm(timer);
        timer.slot_ = kFiring + static_cast<std::uint32_t>(firing_.size());
        firing_.push_back(&timer);
    }
    for (std::size_t i = 0; i < firing_.size(); ++i) {
        Timer* timer = firing_[i];
        if (timer == nullptr) continue;  // disarmed by one that fired before it
        timer->slot_ = Timer::kIdle;
        timer->on_timer();
    }
    firing_.clear();
}

void TimerHeap::place(std::uint32_t slot, Entry entry) noexcept {
    heap_[slot] = entry;
    entry.timer->slot_ = slot;
}

void TimerHeap::sift_up(std::uint32_t slot, Entry entry) noexcept {
    while (slot > 0) {
        const auto parent = (slot - 1) / 2;
        if (heap_[parent].due <= entry.due) break;
        place(slot, heap_[parent]);
        slot = parent;
    }
    place(slot, entry);
}

void TimerHeap::sift_down(std::uint32_t slot, Entry entry) noexcept {
    const auto size = static_cast<std::uint32_t>(heap_.size());
    for (auto child = 2 * slot + 1; child < size; child = 2 * slot + 1) {
        if (child + 1 < size && heap_[child + 1].due < heap_[child].due) ++child;
        if (entry.due <= heap_[child].due) break;
        place(slot, heap_[child]);
        slot = child;
    }
    place(slot, entry);
}

}  // namespace penstock::base
