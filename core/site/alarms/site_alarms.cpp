#include "core/site/alarms/site_alarms.hpp"

#include <span>

namespace penstock::site {

void add_usual_classes(SiteAlarms& alarms) {
    alarms::AlarmClass process;
    process.name = "process";
    process.longest_shelf = std::chrono::hours(8);
    alarms.classes.push_back(std::move(process));
}

void add_usual_priorities(SiteAlarms& alarms) {
    alarms.priorities = {{"critical", "#D32F2F", "880:200 0:100 880:200", 3s},
                         {"high", "#F57C00", "660:300", 5s},
                         {"medium", "#FBC02D", "440:300", {}},
                         {"low", "#8E24AA", "", {}}};
}

alarms::AlarmCatalogBuilder take_builder(SiteAlarms& alarms, const std::vector<std::string>& languages) {
    if (!alarms.builder) alarms.builder.emplace(languages, alarms.classes, alarms.priorities);
    alarms::AlarmCatalogBuilder builder = *std::move(alarms.builder);
    alarms.builder.reset();
    const std::span<const alarms::ParameterDefinition> parameters(alarms.parameters);
    const std::span<const alarms::OutputDefinition> outputs(alarms.outputs);
    for (const PointRows& point : alarms.points) {
        builder.add_point({.policy = point.policy,
                           .input_tag = point.tag,
                           .input_alarm = point.alarm,
                           .parameters = parameters.subspan(point.parameters, point.parameter_count),
                           .outputs = outputs.subspan(point.outputs, point.output_count)});
    }
    std::span<const std::string_view> reasons(alarms.reasons);
    for (const RuleRows& rule : alarms.rules) {
        builder.add_rule({rule.name, reasons.first(languages.size()), rule.targets});
        reasons = reasons.subspan(languages.size());
    }
    return builder;
}

}  // namespace penstock::site
