#pragma once

// Open addressing over 4-byte slots that hold a number + 1, 0 = free. The names stay where they are.

#include <bit>
#include <cstdint>
#include <functional>
#include <string_view>
#include <vector>

namespace penstock::tags {

// Slots for `names` names, at most 3/4 full.
[[nodiscard]] inline std::size_t index_size(std::size_t names) { return std::bit_ceil(names + names / 3 + 2); }

// The slot of `name`, or the free one where it belongs. name_of(number) gives a stored one's name.
template <class NameOf>
[[nodiscard]] std::size_t find_slot(const std::vector<std::uint32_t>& index, std::string_view name, const NameOf& name_of) {
    const auto mask = index.size() - 1;
    auto slot = std::hash<std::string_view>{}(name)&mask;
    while (index[slot] != 0 && name_of(index[slot] - 1) != name) slot = (slot + 1) & mask;
    return slot;
}

}  // namespace penstock::tags
