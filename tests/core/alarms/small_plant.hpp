#pragma once

// Two tanks with alarms, as a site would define them.

#include <memory>
#include <stdexcept>

#include "core/alarms/alarm_catalog_builder.hpp"
#include "core/tags/tag_catalog_builder.hpp"

namespace penstock::alarms::testing {

inline std::shared_ptr<const tags::TagCatalog> small_tags() {
    tags::TagIdStore ids;
    tags::TagCatalogBuilder builder;
    for (const auto* name : {"tank_1.level", "tank_2.level", "tank_1.high_limit", "pump.running"}) {
        tags::TagDefinition tag;
        tag.name = name;
        tag.unit = "m";
        tag.type = std::string_view(name).ends_with("running") ? ValueType::boolean : ValueType::float64;
        builder.add(tag);
    }
    auto built = builder.build(ids);
    if (!built) throw std::runtime_error(built.error().text());
    return *built;
}

// tank_1.high (priority 1, area works/tanks, limit bound to a tag), tank_2.high (priority 2, area works/tanks/north, suppressed by the
// rule "pump.off"), pump.off (area works/pumps, class "safety": who acknowledges comments).
inline AlarmCatalogBuilder small_builder() {
    AlarmClass process;
    process.name = "process";
    process.longest_shelf = std::chrono::hours(8);
    AlarmClass safety;
    safety.name = "safety";
    safety.longest_shelf = std::chrono::hours(8);
    safety.wants_comment = true;
    PriorityStyle urgent, low;
    urgent.name = "urgent";
    low.name = "low";
    AlarmCatalogBuilder builder({"en", "de"}, {process, safety}, {urgent, low});
    const std::string_view texts[] = {"{tag} high: {value} {unit}, limit {limit}", "{tag} hoch: {value} {unit}"};
    AlarmDefinition alarm;
    alarm.file = "alarms/tanks.json";
    alarm.line = 3;
    alarm.column = 5;
    alarm.name = "tank_1.high";
    alarm.area = "works/tanks";
    alarm.texts = texts;
    alarm.on_delay = std::chrono::seconds(2);
    const std::string_view response[] = {"Open the outlet", "Auslass öffnen"};
    alarm.response = response;
    const std::string_view consequence[] = {"{tag} overflows above {limit} {unit}"};
    alarm.consequence = consequence;
    const auto first = builder.add(alarm);
    alarm.name = "tank_2.high";
    alarm.area = "works/tanks/north";
    alarm.priority = 2;
    alarm.enable_tag = "pump.running";
    const auto second = builder.add(alarm);
    const std::string_view off[] = {"Pump is off"};
    alarm.name = "pump.off";
    alarm.alarm_class = 1;
    alarm.area = "works/pumps";
    alarm.texts = off;
    alarm.enable_tag = {};
    const auto third = builder.add(alarm);
    const ParameterDefinition bound[] = {{"high", 0, "tank_1.high_limit"}}, number[] = {{"high", 4.5, {}}};
    const OutputDefinition high_1[] = {{"high", first, {}}}, high_2[] = {{"high", second, {}}};
    const OutputDefinition is_off[] = {{"active", third, {}}}, rule[] = {{"active", kNoPlace, "pump.off"}};
    builder.add_point({"alarm_policy.limits", "tank_1.level", kNoPlace, bound, high_1});
    builder.add_point({"alarm_policy.limits", "tank_2.level", kNoPlace, number, high_2});
    builder.add_point({"alarm_policy.discrete", "pump.running", kNoPlace, {}, is_off});
    builder.add_point({"alarm_policy.discrete", {}, third, {}, rule});
    const AlarmPlace targets[] = {second};
    const std::string_view reason[] = {"the pump is off", "die Pumpe ist aus"};
    builder.add_rule({"pump.off", reason, targets});
    return builder;
}

inline std::shared_ptr<const AlarmCatalog> small_alarms(const tags::TagCatalog& tags) {
    tags::TagIdStore ids;
    auto builder = small_builder();
    auto built = builder.build(tags, ids);
    if (!built) throw std::runtime_error(built.error().text());
    return *built;
}

}  // namespace penstock::alarms::testing
