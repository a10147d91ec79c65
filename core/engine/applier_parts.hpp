#pragma once

// Private to the applier's sources.

#include "core/engine/applier.hpp"

namespace penstock::engine {

inline constexpr std::uint64_t kCauseBits = 0xFFFFF;
inline constexpr std::uint64_t kStateBits = 0x1FFFF;  // quality and has-value of a cell's `since`

inline std::uint64_t relaxed(const tags::TagCell::Word& word) noexcept { return word.load(std::memory_order_relaxed); }

struct Applier::Arrival {
    explicit Arrival(UtcTime time)
        : ns(to_ns(time)),
          ms(tags::CellState::ms_of(ns)),
          archived(to_ns(std::chrono::floor<std::chrono::milliseconds>(time))) {
        if (archived == 0) archived = 1'000'000;  // 1970 to the millisecond: no time at all would be meant
    }
    std::int64_t ns;
    std::uint64_t ms;
    std::int64_t archived;  // the time of samples whose device gave none, or none that could be

    // The `since` word of a cell: the old one's time as long as the quality stays what it is.
    [[nodiscard]] std::uint64_t since(std::uint64_t old, QualityCode quality, bool has_value) const {
        const auto state = tags::CellState::pack_since(0, quality, has_value);
        if ((old & kStateBits) == state) [[likely]]
            return old;
        if (tags::CellState::unpack(0, old).quality == quality) return (old & ~kStateBits) | state;
        return tags::CellState::pack_since(ms, quality, has_value);
    }
};

struct Applier::Sample {
    std::uint64_t raw;
    QualityCode quality;
    tags::CauseId cause;
    std::int64_t time;  // 0: the device gave none
};

// Keeps count where the `since` word of a cell was replaced.
inline void Applier::count_bad(std::uint64_t old_since, std::uint64_t since) {
    if (((old_since ^ since) & kStateBits) == 0) [[likely]]
        return;
    const auto was_bad = is_bad(tags::CellState::unpack(0, old_since).quality);
    const auto now_bad = is_bad(tags::CellState::unpack(0, since).quality);
    if (was_bad == now_bad) return;
    const auto count = tags_bad_.load(std::memory_order_relaxed);
    tags_bad_.store(now_bad ? count + 1 : count - 1, std::memory_order_relaxed);
}

}  // namespace penstock::engine
