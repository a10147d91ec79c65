#pragma once

// Instances of types: {"name": "pump_1", "of": "Pump", "with": {...}} in a tag file becomes the tags pump_1.speed, pump_1.running ...

#include <memory>
#include <span>
#include <string_view>
#include <vector>

#include "core/site/types/type_table.hpp"

namespace penstock::site {

class TagChecker;

// One instance, also one inside another. Lives as long as the LoadContext.
struct TypeInstance {
    std::string_view name;  // "pump_1", "pump_1.motor"
    const Type* type = nullptr;
    std::vector<ParamValue> values;  // by parameter, and its name behind them
    JsonView object;  // where it is written
    JsonView device, area, archive;  // of members that have none of their own; missing for none
    std::string_view was;  // former name; "" for none
    std::vector<JsonView> overrides;  // strongest first
    InstancePlace place;
};

// Adds the tags of an instance in a tag file. Faults are added; what cannot be known makes context.knows_all_tags false.
void add_instance(const JsonView& object, LoadContext& context, TagChecker& checker);

// The alarms of an instance (one of context.type_alarms) as they would stand in an alarm file: placeholders filled in, overrides
// applied, names "pump_1.trip", members by their full names, its area where an alarm names none. The root is the array. Its texts live
// as long as the site. Whoever reads it holds a FaultList::OfInstance(faults, &instance.place) meanwhile.
[[nodiscard]] std::unique_ptr<JsonDocument> expand_alarms(const TypeInstance& instance, LoadContext& context);

}  // namespace penstock::site
