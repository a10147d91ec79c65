#pragma once

// In which order calculated tags are calculated: each after those that it uses.
//
//     inputs_of[c] = numbers of the calculations that c uses   // those that are no calculation are left out
//     const auto order = expressions::calculation_order(inputs_of);
//     if (!order.cycles.empty()) refuse(order.cycles.front());

#include <cstdint>
#include <span>
#include <vector>

namespace penstock::expressions {

struct CalculationOrder {
    // Level by level, in each by number. Level 0 uses no other calculation; each one uses only those of levels below its own.
    std::vector<std::uint32_t> order;
    std::vector<std::uint32_t> level;  // by calculation; kNoLevel where it cannot be calculated: in a cycle, or behind one
    // Each uses the one behind it, and the last the first. No calculation is in two of them.
    std::vector<std::vector<std::uint32_t>> cycles;

    static constexpr std::uint32_t kNoLevel = 0xFFFF'FFFF;
};

// O(calculations + inputs). An input may be named more than once, and may be the calculation itself: a cycle of one.
[[nodiscard]] CalculationOrder calculation_order(std::span<const std::vector<std::uint32_t>> inputs_of);

}  // namespace penstock::expressions
