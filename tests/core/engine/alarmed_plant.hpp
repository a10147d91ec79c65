#pragma once

// A tank with alarms in a whole engine: the policies that come with Penstock, a journal on a disk in memory, the list that people see.
//
//   tank.level   tag of the device            tank.high       limit 80, hysteresis 2, on-delay 2 s
//   tank.limit   memory tag                   tank.high_high  limit tank.limit, at once
//   pump.running tag of the device            tank.half       50 % of tank.percent, a calculated tag, at once
//   alarms.plant.standing ...: key figures    pump.tripped    while pump.running is false; enabled by pump.wanted
#include <algorithm>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

#include "core/alarms/alarm_catalog_builder.hpp"
#include "core/alarms/key_figures.hpp"
#include "core/alarms/live_alarms.hpp"
#include "core/alarms/make_judging_plan.hpp"
#include "core/base/settings_document.hpp"
#include "core/engine/alarm_path.hpp"
#include "core/engine/snapshot.hpp"
#include "core/guests/plugin_library.hpp"
#include "core/guests/plugin_registry.hpp"
#include "tests/core/engine/journalled_plant.hpp"

namespace penstock::engine {

inline Result<std::unique_ptr<guests::PolicyInstance>> load_policy(const std::string& id) {
    static std::vector<guests::PluginRegistry> registries;  // copies of what is loaded lie in their folders
    registries.push_back(guests::PluginRegistry::scan({std::string(PENSTOCK_PLUGIN_DIR) + "/" + id + ".so"}));
    const auto library = registries.back().load(id);
    if (!library) return std::unexpected(library.error());
    return guests::make_policy(*library, std::make_shared<base::SettingsDocument>(base::SettingsDocument::parse("{}").value()),
                               id);
}

inline std::vector<tags::TagDefinition> tank_tags() {
    auto limit = memory_tag("tank.limit");
    limit.initial = Value(95.0);
    auto wanted = memory_tag("pump.wanted", ValueType::boolean);
    wanted.initial = Value(true);
    tags::TagDefinition percent;
    percent.name = "tank.percent";
    percent.expression = "tank.level / 2";
    std::vector<tags::TagDefinition> tags{device_tag("tank.level"), device_tag("pump.running", ValueType::boolean), limit,
                                          wanted, percent};
    for (const auto& [name, type] :
         {std::pair{"alarms.area.works.starts", ValueType::uint64}, std::pair{"alarms.area.works.flood", ValueType::boolean},
          std::pair{"alarms.plant.standing", ValueType::float64}}) {
        tags::TagDefinition figure;
        figure.name = name;
        figure.type = type;
        figure.system = true;
        tags.push_back(figure);
    }
    return tags;
}

inline std::shared_ptr<const alarms::AlarmCatalog> tank_alarms(const tags::TagCatalog& tags) {
    alarms::AlarmClass process;
    process.name = "process";
    process.longest_shelf = 8h;
    alarms::AlarmCatalogBuilder builder({"en"}, {process}, {alarms::PriorityStyle{}});
    const auto add = [&](std::string_view name, Duration on_delay, std::string_view enable = {}) {
        const std::string_view texts[] = {"{tag} is {value}, limit {limit}"};
        alarms::AlarmDefinition alarm;
        alarm.name = name;
        alarm.area = "works";
        alarm.on_delay = on_delay;
        alarm.texts = texts;
        alarm.enable_tag = enable;
        return builder.add(alarm);
    };
    const alarms::OutputDefinition level[] = {{"high", add("tank.high", 2s), {}}, {"high_high", add("tank.high_high", 0s), {}}};
    const alarms::OutputDefinition half[] = {{"high", add("tank.half", 0s), {}}};
    const alarms::OutputDefinition tripped[] = {{"active", add("pump.tripped", 0s, "pump.wanted"), {}}};
    const alarms::ParameterDefinition limits[] = {{"high", 80, {}}, {"high_high", 0, "tank.limit"}, {"hysteresis", 2, {}}};
    const alarms::ParameterDefinition fifty[] = {{"high", 50, {}}}, at_false[] = {{"state", 0, {}}};
    builder.add_point({"alarm_policy.limits", "tank.level", alarms::kNoPlace, limits, level});
    builder.add_point({"alarm_policy.limits", "tank.percent", alarms::kNoPlace, fifty, half});
    builder.add_point({"alarm_policy.discrete", "pump.running", alarms::kNoPlace, at_false, tripped});
    tags::TagIdStore ids;
    auto built = builder.build(tags, ids);
    if (!built) throw std::runtime_error(built.error().text());
    return *built;
}

class AlarmedPlant {
public:
    AlarmedPlant() : base(tank_tags()), catalog(tank_alarms(base.plant->engine.catalog())), figures(catalog, {"works"}) {
        auto& engine = base.plant->engine;
        // Not owned: the engine, and so the catalog, outlives the list.
        const std::shared_ptr<const tags::TagCatalog> tags(std::shared_ptr<void>(), &engine.catalog());
        live = std::make_unique<alarms::LiveAlarms>(catalog, tags, [this] { return base.lane->durable(); });
        auto plan = alarms::make_judging_plan(*catalog, load_policy);
        if (!plan) throw std::runtime_error(plan.error().text());
        engine.set_alarms({catalog, *std::move(plan), live.get(), &figures});
        fill_journal(1);  // as a server writes down that it started; position 0 is no occurrence
    }
    ~AlarmedPlant() { base.plant.reset(); }  // before the list

    // With other events, until so many records are there.
    void fill_journal(journal::Position records) {
        while (base.lane->appended() < records) (void)journal::append_event(*base.lane, Event(), plant().now);
        base.sync();
    }
    [[nodiscard]] Plant& plant() const { return *base.plant; }
    [[nodiscard]] alarms::AlarmId id(std::string_view name) const { return catalog->find(name).value(); }
    void level(double value) { plant().deliver(0, value); }
    // Cycle by cycle as things are due; then what was written is durable.
    void later(Duration by) {
        const auto end = plant().now.monotonic + by;
        for (auto due = plant().cycle().due; due <= end; due = plant().cycle().due)
            plant().advance(std::max(due - plant().now.monotonic, Duration(1)));
        plant().advance(end - plant().now.monotonic);
        plant().cycle();
        base.sync();
    }
    // The steps of alarms in the journal: "tank.high raised".
    [[nodiscard]] std::vector<std::string> steps() const {
        std::vector<std::string> found;
        for (const auto& event : base.events())
            if (event.alarm) found.push_back(event.object + ' ' + std::string(to_string(event.alarm->event)));
        return found;
    }
    // Names of what stands in the list, sorted.
    [[nodiscard]] std::vector<std::string> standing() const {
        std::vector<std::string> found;
        for (const auto& alarm : live->list({}, [](std::string_view) { return true; }).alarms) found.push_back(alarm.alarm);
        std::ranges::sort(found);
        return found;
    }
    // An action, taken up in the next cycle; the outcomes once there are some.
    using Outcomes = std::shared_ptr<std::vector<alarms::AlarmOutcome>>;
    Outcomes act(alarms::AlarmEvent event, std::string_view alarm, std::string user, journal::Position occurrence = 0) {
        auto outcomes = std::make_shared<std::vector<alarms::AlarmOutcome>>();
        alarms::AlarmCommand command;
        command.event = event;
        command.targets = {{id(alarm), occurrence}};
        command.who = {std::move(user), "st1"};
        if (event == alarms::AlarmEvent::shelved) command.remark = {"sensor is being cleaned", 1h};
        command.done = [outcomes](std::vector<alarms::AlarmOutcome> all) { *outcomes = std::move(all); };
        EXPECT_TRUE(plant().engine.post_alarm(std::move(command)));
        return outcomes;
    }

    JournalledPlant base;
    std::shared_ptr<const alarms::AlarmCatalog> catalog;
    std::unique_ptr<alarms::LiveAlarms> live;
    alarms::KeyFigures figures;
};

}  // namespace penstock::engine
