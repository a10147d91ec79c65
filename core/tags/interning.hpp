#pragma once

// For those who build catalogs: what repeats is stored once.

#include <cstdint>
#include <cstring>
#include <span>
#include <string_view>
#include <type_traits>
#include <vector>

#include "core/base/number_index.hpp"
#include "core/tags/text_arena.hpp"

namespace penstock::tags {

// Stores equal texts once. Neighbours mostly agree, so the last one of each column is asked first.
class Interner {
public:
    explicit Interner(TextArena& texts) : texts_(texts) {}

    TextOffset intern(std::string_view text, TextOffset last) {
        if (text.empty()) return 0;
        if (texts_.at(last) == text) return last;
        return known_.find_or_make(
            text, [&](TextOffset offset) { return texts_.at(offset) == text; }, [&] { return texts_.add(text); });
    }

private:
    TextArena& texts_;
    base::NumberIndex known_;
};

// Stores equal groups of numbers once, compared by their bits: NaN equals itself. A group is named by its first place.
template <class T>
class Repeated {
    static_assert(std::is_trivially_copyable_v<T>);

public:
    std::uint32_t add(std::vector<T>& all, const T& one) { return add_group(all, {&one, 1}); }
    // `all` holds groups of this size only; precondition: it is not empty.
    std::uint32_t add_group(std::vector<T>& all, std::span<const T> group) {
        const auto is_same = [&](std::uint32_t first) {
            return std::memcmp(&all[first], group.data(), group.size_bytes()) == 0;
        };
        if (last_ < all.size() && is_same(last_)) return last_;
        const std::string_view bits(reinterpret_cast<const char*>(group.data()), group.size_bytes());
        return last_ = known_.find_or_make(bits, is_same, [&] {
            const auto first = static_cast<std::uint32_t>(all.size());
            all.insert(all.end(), group.begin(), group.end());
            return first;
        });
    }

private:
    base::NumberIndex known_;
    std::uint32_t last_ = 0;
};

}  // namespace penstock::tags
