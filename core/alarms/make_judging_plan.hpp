#pragma once

// From what a site says to what judges it.

#include <functional>
#include <memory>
#include <string>

#include <penstock/result.hpp>

#include "core/alarms/alarm_catalog.hpp"
#include "core/alarms/judging_plan.hpp"

namespace penstock::alarms {

// Gives the instance of a policy plugin, by id.
using PolicyMaker = std::function<Result<std::unique_ptr<guests::PolicyInstance>>(const std::string& id)>;

// One instance a policy, with all its points. Error: of the maker; invalid_config: a parameter or output that the policy does not
// have.
[[nodiscard]] Result<JudgingPlan> make_judging_plan(const AlarmCatalog& alarms, const PolicyMaker& make);

}  // namespace penstock::alarms
