#pragma once

// What a site says about alarms, checked: rows that an AlarmCatalogBuilder takes one after another. Internal to core/site.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/alarms/alarm_catalog_builder.hpp"

namespace penstock::site {

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

    static constexpr std::size_t kTextsOfAlarm = 4;  // text, cause, consequence, response
    std::vector<alarms::AlarmDefinition> alarms;  // without these
    std::vector<std::string_view> texts;  // of each alarm these four, each in all of the site's languages
    std::vector<PointRows> points;
    std::vector<alarms::ParameterDefinition> parameters;
    std::vector<alarms::OutputDefinition> outputs;
    std::vector<RuleRows> rules;
    std::vector<std::string_view> reasons;  // of each rule in all of the site's languages
};

// Those of a site that names none: one class "process"; critical, high, medium and low in the colours of ISA-101.
void add_usual_classes(SiteAlarms& alarms);
void add_usual_priorities(SiteAlarms& alarms);

[[nodiscard]] alarms::AlarmCatalogBuilder make_builder(const SiteAlarms& alarms, const std::vector<std::string>& languages);

}  // namespace penstock::site
