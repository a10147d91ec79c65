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

alarms::AlarmCatalogBuilder make_builder(const SiteAlarms& alarms, const std::vector<std::string>& languages) {
    alarms::AlarmCatalogBuilder builder(languages, alarms.classes, alarms.priorities);
    std::span<const std::string_view> texts(alarms.texts);
    const auto next_text = [&texts, &languages] {
        const auto next = texts.first(languages.size());
        texts = texts.subspan(languages.size());
        return next;
    };
    const std::span<const alarms::ParameterDefinition> parameters(alarms.parameters);
    const std::span<const alarms::OutputDefinition> outputs(alarms.outputs);
    for (alarms::AlarmDefinition alarm : alarms.alarms) {
        for (auto* const text : {&alarm.texts, &alarm.cause, &alarm.consequence, &alarm.response}) *text = next_text();
        builder.add(alarm);
    }
    for (const PointRows& point : alarms.points) {
        builder.add_point({.policy = point.policy,
                           .input_tag = point.tag,
                           .input_alarm = point.alarm,
                           .parameters = parameters.subspan(point.parameters, point.parameter_count),
                           .outputs = outputs.subspan(point.outputs, point.output_count)});
    }
    texts = alarms.reasons;
    for (const RuleRows& rule : alarms.rules) builder.add_rule({rule.name, next_text(), rule.targets});
    return builder;
}

}  // namespace penstock::site
