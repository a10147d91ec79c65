#pragma once

// Which requests fetch a set of items: as few as the device allows.

#include <cstdint>
#include <span>
#include <vector>

#include "device_map.hpp"

namespace penstock::modbus {

// One read request: the items [first_item, first_item + item_count) of the plan's list, lying in registers [start, start + count).
struct ReadGroup {
    Space space;
    std::uint16_t start;
    std::uint16_t count;
    std::uint32_t first_item;
    std::uint32_t item_count;
};

struct ReadPlan {
    std::vector<ItemId> items;  // by unit, table and start
    std::vector<ReadGroup> groups;
    std::vector<ItemId> refused;  // left out: the device refuses them
};

// Covers `due` from the lowest address on, each request reaching as far as the count limit allows, across gaps of at most
// `max_gap` registers that are no barrier. With unlimited gaps that is the smallest possible number of requests.
[[nodiscard]] ReadPlan make_plan(std::span<const ItemId> due, std::span<const Item<Address>> items, DeviceMap& map,
                                 std::uint32_t max_gap, MonotonicTime now);

// The group of items [from, from + count) of a plan, trimmed to what they cover.
[[nodiscard]] ReadGroup group_of(const ReadPlan& plan, std::span<const Item<Address>> items, std::uint32_t from,
                                 std::uint32_t count);

}  // namespace penstock::modbus
