#pragma once

// The last time of a value, in 32 slots that move on one at a time, so that memory and work are fixed. Between two samples the first
// one holds; while the value is bad nothing is known.

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>

#include <penstock/value.hpp>

namespace penstock::expressions {

class Window final {
public:
    static constexpr std::int64_t kSlots = 32;
    static constexpr std::size_t kHeadWords = 5, kOriginWord = 4;

    // memory: the head, then what the operation keeps of each slot. Zero words: nothing yet.
    Window(std::uint64_t* memory, double seconds, std::int64_t now) : memory_(memory) {
        slot_ = std::max<std::int64_t>(std::llround(seconds * 1e9) / kSlots, 1);
        if (is_new()) memory_[kOrigin] = static_cast<std::uint64_t>(now);
        now_ = now - static_cast<std::int64_t>(memory_[kOrigin]);
        current_ = now_ / slot_;
    }
    [[nodiscard]] bool is_new() const noexcept { return memory_[kNewest] == 0; }

    // Goes on to now and takes the value that holds from here; NaN: there is none. clear(slot) begins a slot, fill(slot, value, seconds)
    // says that it held the value for so long. Slots are 0 to 31, in a ring.
    template <class Clear, class Fill>
    void advance(double value, Clear clear, Fill fill) {
        const auto held = double_of(memory_[kHeld]);
        auto newest = static_cast<std::int64_t>(memory_[kNewest]) - 1;
        auto from = static_cast<std::int64_t>(memory_[kCounted]);
        const bool is_first = is_new();
        if (is_first || current_ - newest > kSlots) {
            for (std::int64_t k = 0; k < kSlots; ++k) clear(k);
            newest = is_first ? current_ : current_ - kSlots + 1;
            from = std::max(from, newest * slot_);
        }
        for (;; clear(++newest % kSlots)) {
            const auto until = std::min(now_, (newest + 1) * slot_);
            if (!is_first && !std::isnan(held) && until > from)
                fill(newest % kSlots, held, static_cast<double>(until - from) * 1e-9);
            from = std::max(from, until);
            if (newest >= current_) break;
        }
        const auto word = word_of(value);
        if (is_first || word != memory_[kHeld]) memory_[kChanged] = static_cast<std::uint64_t>(now_);
        memory_[kNewest] = static_cast<std::uint64_t>(newest + 1);
        memory_[kHeld] = word;
        memory_[kCounted] = static_cast<std::uint64_t>(now_);
    }
    [[nodiscard]] std::int64_t newest() const noexcept { return (static_cast<std::int64_t>(memory_[kNewest]) - 1) % kSlots; }
    // The next time at which the result changes though the value does not; the greatest where the whole window holds it.
    [[nodiscard]] std::int64_t due() const noexcept {
        if (now_ - static_cast<std::int64_t>(memory_[kChanged]) > (kSlots + 1) * slot_)
            return std::numeric_limits<std::int64_t>::max();
        return static_cast<std::int64_t>(memory_[kOrigin]) + (current_ + 1) * slot_;
    }
    [[nodiscard]] std::uint64_t& word(std::int64_t slot, std::size_t column = 0) const noexcept {
        return memory_[kHeadWords + column * kSlots + static_cast<std::size_t>(slot)];
    }
    // How long ago a slot began, in seconds.
    [[nodiscard]] double age_of(std::int64_t slot) const noexcept {
        const auto back = (newest() - slot + kSlots) % kSlots;
        return static_cast<double>(now_ - (current_ - back) * slot_) * 1e-9;
    }

private:
    // All times but the origin are ns since it, so that a snapshot need only move the origin.
    enum Word : std::size_t { kNewest = 0, kHeld = 1, kCounted = 2, kChanged = 3, kOrigin = kOriginWord };

    std::uint64_t* memory_;
    std::int64_t slot_ = 1, now_ = 0, current_ = 0;
};

}  // namespace penstock::expressions
