#pragma once

// Names to numbers, for a hundred thousand tags: open addressing over borrowed texts.

#include <algorithm>
#include <cstdint>
#include <functional>
#include <string_view>
#include <vector>

namespace penstock::site {

class NameTable {
public:
    static constexpr std::uint32_t kNone = 0xFFFF'FFFF;

    // The number that `name` has already, else kNone after giving it `number`. `name` stays valid as long as the table.
    std::uint32_t insert(std::string_view name, std::uint32_t number) {
        if ((count_ + 1) * 2 > slots_.size()) grow();
        const std::uint32_t hash = hash_of(name);
        Slot& slot = slot_of(name, hash);
        if (slot.number != kNone) return slot.number;
        slot = {name, number, hash};
        ++count_;
        return kNone;
    }
    // kNone if there is no such name.
    [[nodiscard]] std::uint32_t find(std::string_view name) noexcept {
        return slots_.empty() ? kNone : slot_of(name, hash_of(name)).number;
    }
    [[nodiscard]] std::size_t size() const noexcept { return count_; }

private:
    struct Slot {
        std::string_view name;
        std::uint32_t number = kNone;
        std::uint32_t hash = 0;  // most of the others are told by it, without a look at their names
    };
    [[nodiscard]] static std::uint32_t hash_of(std::string_view name) noexcept {
        return static_cast<std::uint32_t>(std::hash<std::string_view>()(name));
    }
    [[nodiscard]] Slot& slot_of(std::string_view name, std::uint32_t hash) noexcept {
        const std::size_t mask = slots_.size() - 1;
        std::size_t at = hash & mask;
        while (slots_[at].number != kNone && (slots_[at].hash != hash || slots_[at].name != name)) at = (at + 1) & mask;
        return slots_[at];
    }
    void grow() {
        std::vector<Slot> old(std::max<std::size_t>(64, slots_.size() * 2));
        old.swap(slots_);
        for (const Slot& slot : old) {
            if (slot.number != kNone) slot_of(slot.name, slot.hash) = slot;
        }
    }

    std::vector<Slot> slots_;
    std::size_t count_ = 0;
};

}  // namespace penstock::site
