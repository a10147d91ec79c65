#pragma once

// Numbers found again by what they stand for, for hundreds of thousands: open addressing over eight bytes each. What they stand
// for stays where it is and is asked for only when its hash agrees, so that a new one costs about one miss of the cache, and
// growing looks at none of the others.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <string_view>
#include <vector>

namespace penstock::base {

class NumberIndex {
public:
    static constexpr std::uint32_t kNone = 0xFFFF'FFFF;  // no number that is kept

    // The kept number that `is_same` says yes to, kNone without one. It is asked for those that were made of equal `bytes`, and for
    // a few others.
    template <class IsSame>
    [[nodiscard]] std::uint32_t find(std::string_view bytes, const IsSame& is_same) const {
        if (slots_.empty()) return kNone;
        const auto hash = hash_of(bytes);
        return slots_[slot_of(hash, is_same)].number;
    }

    // The same; without one, `make()` is called and its number kept.
    template <class IsSame, class Make>
    std::uint32_t find_or_make(std::string_view bytes, const IsSame& is_same, const Make& make) {
        if ((count_ + 1) * 2 > slots_.size()) grow();
        const auto hash = hash_of(bytes);
        auto& slot = slots_[slot_of(hash, is_same)];
        if (slot.number != kNone) return slot.number;
        slot = {hash, make()};
        ++count_;
        return slot.number;
    }

    [[nodiscard]] std::size_t size() const noexcept { return count_; }

private:
    struct Slot {
        std::uint32_t hash = 0;
        std::uint32_t number = kNone;
    };

    [[nodiscard]] static std::uint32_t hash_of(std::string_view bytes) noexcept {
        return static_cast<std::uint32_t>(std::hash<std::string_view>()(bytes));
    }
    template <class IsSame>
    [[nodiscard]] std::size_t slot_of(std::uint32_t hash, const IsSame& is_same) const {
        const auto mask = slots_.size() - 1;
        auto at = hash & mask;
        while (slots_[at].number != kNone && (slots_[at].hash != hash || !is_same(slots_[at].number))) at = (at + 1) & mask;
        return at;
    }
    void grow() {
        std::vector<Slot> old(std::max<std::size_t>(64, slots_.size() * 2));
        old.swap(slots_);
        const auto is_same = [](std::uint32_t) { return false; };
        for (const auto& slot : old)
            if (slot.number != kNone) slots_[slot_of(slot.hash, is_same)] = slot;
    }

    std::vector<Slot> slots_;  // a power of two, at most half full
    std::size_t count_ = 0;
};

}  // namespace penstock::base
