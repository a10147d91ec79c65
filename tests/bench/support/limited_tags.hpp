#pragma once

// Alarms for benches: limits of the plugin that comes with Penstock on every tag of a device.

#include <cstdio>
#include <cstdlib>
#include <memory>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "core/alarms/alarm_catalog_builder.hpp"
#include "core/alarms/make_judging_plan.hpp"
#include "core/base/settings_document.hpp"
#include "core/guests/plugin_library.hpp"
#include "core/guests/plugin_registry.hpp"
#include "core/tags/tag_catalog.hpp"

namespace penstock::bench {

template <class Value>
Value need(Result<Value> result) {
    if (result) return *std::move(result);
    std::fprintf(stderr, "%s\n", result.error().text().c_str());
    std::exit(1);
}

struct Limit {
    std::string_view output;  // "high_high"
    double at;
};

// An alarm a limit and tag, in ten areas. All with the same limits.
inline std::shared_ptr<const alarms::AlarmCatalog> limit_alarms(const tags::TagCatalog& tags, std::span<const Limit> limits,
                                                                double hysteresis, Duration on_delay) {
    alarms::AlarmClass process;
    process.name = "process";
    process.longest_shelf = 8h;
    alarms::AlarmCatalogBuilder builder({"en"}, {process}, {alarms::PriorityStyle{}, alarms::PriorityStyle{}});
    const std::string_view texts[] = {"{tag} is {value} {unit}, limit {limit}"};
    std::uint32_t number = 0;
    for (const auto tag : tags.tags_of_device(0)) {
        const auto area = "works/area_" + std::to_string(number++ % 10);
        std::vector<alarms::OutputDefinition> outputs;
        std::vector<alarms::ParameterDefinition> parameters{{"hysteresis", hysteresis, {}}};
        for (const auto& limit : limits) {
            const auto name = std::string(tags.name(tag)) + '.' + std::string(limit.output);
            alarms::AlarmDefinition alarm;
            alarm.name = name;
            alarm.area = area;
            alarm.priority = limit.output.ends_with("_high") ? 1 : 2;
            alarm.on_delay = on_delay;
            alarm.texts = texts;
            outputs.push_back({limit.output, builder.add(alarm), {}});
            parameters.push_back({limit.output, limit.at, {}});
        }
        builder.add_point({"alarm_policy.limits", tags.name(tag), alarms::kNoPlace, parameters, outputs});
    }
    tags::TagIdStore ids;
    return need(builder.build(tags, ids));
}

inline alarms::JudgingPlan limit_plan(const alarms::AlarmCatalog& alarms) {
    static const auto registry = guests::PluginRegistry::scan({PENSTOCK_LIMITS_POLICY});
    return need(alarms::make_judging_plan(alarms, [](const std::string& id) -> Result<std::unique_ptr<guests::PolicyInstance>> {
        const auto library = registry.load(id);
        if (!library) return std::unexpected(library.error());
        auto settings = std::make_shared<base::SettingsDocument>(need(base::SettingsDocument::parse("{}")));
        return guests::make_policy(*library, std::move(settings), id);
    }));
}

}  // namespace penstock::bench
