#include "plan.hpp"

#include <algorithm>
#include <tuple>

namespace penstock::modbus {
namespace {

Space space_of(const Address& address) { return {address.unit, address.table}; }

// Plans a run of items of one space.
class Planner {
public:
    Planner(ReadPlan& plan, std::span<const Item<Address>> items, DeviceMap& map, std::uint32_t max_gap)
        : plan_(plan), items_(items), map_(map), max_gap_(max_gap) {}

    void run() {
        for (std::uint32_t at = 0; at < plan_.items.size();) at = add_group(at);
    }

private:
    std::uint32_t add_group(std::uint32_t from) {
        const auto& first = items_[plan_.items[from]].address;
        const auto space = space_of(first);
        const auto most = map_.most_at_once(space);
        auto end = first.end();
        auto next = from + 1;
        for (; next < plan_.items.size(); ++next) {
            const auto& address = items_[plan_.items[next]].address;
            if (space_of(address) != space || !reachable(space, first.start, end, address, most)) break;
            end = std::max(end, address.end());
        }
        plan_.groups.push_back({space, first.start, static_cast<std::uint16_t>(end - first.start), from, next - from});
        return next;
    }

    bool reachable(Space space, std::uint32_t start, std::uint32_t end, const Address& address, std::uint32_t most) const {
        if (std::max(end, address.end()) - start > most) return false;
        if (address.start <= end) return true;
        return address.start - end <= max_gap_ && !map_.has_barrier(space, end, address.start)
               && !crosses_refused(space, end, address.start);
    }

    // A refused item in the gap is a hole that this request would hit.
    bool crosses_refused(Space space, std::uint32_t from, std::uint32_t to) const {
        return std::ranges::any_of(plan_.refused, [&](ItemId id) {
            const auto& address = items_[id].address;
            return space_of(address) == space && address.start < to && address.end() > from;
        });
    }

    ReadPlan& plan_;
    std::span<const Item<Address>> items_;
    DeviceMap& map_;
    std::uint32_t max_gap_;
};

}  // namespace

ReadPlan make_plan(std::span<const ItemId> due, std::span<const Item<Address>> items, DeviceMap& map, std::uint32_t max_gap,
                   MonotonicTime now) {
    ReadPlan plan;
    plan.items.reserve(due.size());
    for (const auto id : due) (map.refusal(id, now) != 0 ? plan.refused : plan.items).push_back(id);
    std::ranges::sort(plan.items, {}, [&](ItemId id) {
        const auto& a = items[id].address;
        return std::tuple(a.unit, a.table, a.start, a.width, id);
    });
    Planner(plan, items, map, max_gap).run();
    return plan;
}

ReadGroup group_of(const ReadPlan& plan, std::span<const Item<Address>> items, std::uint32_t from, std::uint32_t count) {
    const auto& first = items[plan.items[from]].address;
    auto end = first.end();
    for (auto i = from + 1; i < from + count; ++i) end = std::max(end, items[plan.items[i]].address.end());
    return {space_of(first), first.start, static_cast<std::uint16_t>(end - first.start), from, count};
}

}  // namespace penstock::modbus
