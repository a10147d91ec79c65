#pragma once

// Private to Calculations: the expressions of a catalog, compiled and in the order in which they are evaluated.

#include <cstdint>
#include <vector>

#include "core/expressions/expression.hpp"
#include "core/tags/tag_catalog.hpp"

namespace penstock::engine {

struct CalculationPlan {
    std::vector<tags::TagId> tags;
    std::vector<expressions::Expression> expressions;
    std::vector<std::uint32_t> group;  // those of one level and one program lie side by side, and have one number
};

// Throws std::invalid_argument, see Calculations.
[[nodiscard]] CalculationPlan plan_calculations(const tags::TagCatalog& catalog);

}  // namespace penstock::engine
