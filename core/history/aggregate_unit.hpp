#pragma once

#include <string>
#include <string_view>

#include <penstock/history_operations.hpp>

namespace penstock::history {

// The unit of an aggregate of samples in `unit`: a count has none, a duration is in seconds, a total is the unit times seconds.
[[nodiscard]] std::string aggregate_unit(Aggregate aggregate, std::string_view unit);

}  // namespace penstock::history
