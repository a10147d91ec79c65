#pragma once

// What a site says about alarms, checked. Internal to core/site.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/alarms/alarm_catalog_builder.hpp"

namespace penstock::site {

// What the checks of others have to know of an alarm; all else of it is in the builder already.
struct SiteAlarm {
    std::string_view name, area, file;
    std::uint32_t line = 0, column = 0;
    std::uint8_t priority = 1;
};

// Columns of a point, in the vectors behind it.
struct PointRows {
    std::string_view policy, tag;
    alarms::AlarmPlace alarm = alarms::kNoPlace;
    std::uint32_t parameters = 0, parameter_count = 0;  // the first, and how many
    std::uint32_t outputs = 0, output_count = 0;
};

struct RuleRows {
    std::string_view name;
    std::vector<alarms::AlarmPlace> targets;
};

struct SiteAlarms {
    std::vector<alarms::AlarmClass> classes;
    std::vector<alarms::PriorityStyle> priorities;

    // Alarms go there as they are read, points and rules when all are known.
    std::optional<alarms::AlarmCatalogBuilder> builder;
    std::vector<SiteAlarm> alarms;
    std::vector<PointRows> points;
    std::vector<alarms::ParameterDefinition> parameters;
    std::vector<alarms::OutputDefinition> outputs;
    std::vector<RuleRows> rules;
    std::vector<std::string_view> reasons;  // of each rule in all of the site's languages
};

// Those of a site that names none: one class "process"; critical, high, medium and low in the colours of ISA-101.
void add_usual_classes(SiteAlarms& alarms);
void add_usual_priorities(SiteAlarms& alarms);

// The builder with all of it. Once; `alarms` stay.
[[nodiscard]] alarms::AlarmCatalogBuilder take_builder(SiteAlarms& alarms, const std::vector<std::string>& languages);

}  // namespace penstock::site
