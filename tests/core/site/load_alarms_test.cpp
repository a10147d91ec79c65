// What a site says about alarms, as the catalog of alarms has it.
#include <algorithm>
#include <cmath>

#include <gtest/gtest.h>

#include "core/alarms/alarm_catalog_builder.hpp"
#include "core/site/site.hpp"
#include "core/tags/tag_catalog_builder.hpp"
#include "tests/core/site/fake_plugins.hpp"
#include "tests/core/site/scratch_folder.hpp"

namespace penstock::site {
namespace {

namespace fs = std::filesystem;
using alarms::AlarmCatalog;
using alarms::AlarmView;
using alarms::PointView;

class LoadAlarms : public ::testing::Test {
protected:
    LoadAlarms() : folder_(scratch_.path() / "site") {
        fs::copy(fs::path(PENSTOCK_SOURCE_DIR) / "tests/core/site/good/alarms", folder_, fs::copy_options::recursive);
    }

    std::string load() {
        result_ = load_site(folder_, {}, plugins_);
        std::string text;
        for (const Fault& fault : result_.faults) text += fault.text() + "\n";
        return text;
    }
    void build() {
        ASSERT_EQ(load(), "");
        tags::TagCatalogBuilder builder;
        result_.site->add_tags(builder);
        tags::TagIdStore tag_ids, alarm_ids;
        auto tags = builder.build(tag_ids);
        ASSERT_TRUE(tags) << tags.error().text();
        tags_ = *tags;
        auto catalog = result_.site->take_alarms().build(*tags_, alarm_ids);
        ASSERT_TRUE(catalog) << catalog.error().text();
        catalog_ = *catalog;
    }
    void write(const std::string& file, const std::string& text) { testing::write_text(folder_ / file, text); }

    alarms::AlarmId id(std::string_view name) { return catalog_->find(name).value_or(0xFFFF); }
    AlarmView alarm(std::string_view name) { return catalog_->view(id(name)); }
    PointView point(std::string_view name) { return catalog_->point(alarm(name).point); }
    std::string tag_name(tags::TagId tag) { return std::string(tags_->view(tag).name); }
    // "high=5", "high_high=clear_tank.highest"
    std::string parameter(std::string_view of, std::string_view name) {
        for (const auto& binding : point(of).parameters) {
            if (binding.name != name) continue;
            if (binding.tag != tags::kNoTag) return tag_name(binding.tag);
            return std::to_string(binding.number);
        }
        return "none";
    }
    std::string names(const std::vector<alarms::AlarmId>& ids) {
        std::vector<std::string> sorted;
        for (const auto each : ids) sorted.emplace_back(catalog_->name(each));
        std::ranges::sort(sorted);
        std::string text;
        for (const auto& name : sorted) text += (text.empty() ? "" : " ") + name;
        return text;
    }
    const alarms::SuppressionRule* rule(std::string_view name) {
        for (const auto& each : catalog_->suppressions()) {
            if (each.name == name) return &each;
        }
        return nullptr;
    }
    // The point whose output is the rule.
    PointView point_of_rule(std::string_view name) {
        for (std::size_t i = 0; i < catalog_->points(); ++i) {
            const PointView view = catalog_->point(i);
            for (const auto& output : view.outputs) {
                if (rule(name) != nullptr && output.rule == rule(name)->id) return view;
            }
        }
        return {};
    }

    testing::ScratchFolder scratch_;
    fs::path folder_;
    testing::FakePlugins plugins_;
    SiteResult result_;
    std::shared_ptr<const tags::TagCatalog> tags_;
    std::shared_ptr<const AlarmCatalog> catalog_;
};

TEST_F(LoadAlarms, AGroupOfLimitsIsAnAlarmForEachOfItsLimits) {
    build();
    ASSERT_EQ(catalog_->size(), 10U);
    const AlarmView high = alarm("clear_tank.level.high");
    EXPECT_EQ(high.area, "works/storage") << "its tag's";
    EXPECT_EQ(high.priority, 2);
    EXPECT_EQ(high.output, "high");
    EXPECT_EQ(high.screen, "overview");
    EXPECT_EQ(high.file, "alarms/tanks.json");
    EXPECT_EQ(high.line, 8U);
    EXPECT_EQ(point("clear_tank.level.high").policy, "alarm_policy.limits");
    EXPECT_EQ(tag_name(point("clear_tank.level.high").tag), "clear_tank.level");
    EXPECT_EQ(alarm("clear_tank.level.low").point, high.point) << "one point judges them all";
}

TEST_F(LoadAlarms, LimitsAreNumbersTagsOrExpressions) {
    build();
    EXPECT_EQ(parameter("clear_tank.level.high", "high"), "5.000000");
    EXPECT_EQ(parameter("clear_tank.level.high", "hysteresis"), "0.050000");
    EXPECT_EQ(parameter("clear_tank.level.high", "high_high"), "clear_tank.highest");
    EXPECT_EQ(parameter("clear_tank.level.high", "low"), "clear_tank.level.low");
    const auto made = tags_->find("clear_tank.level.low");
    ASSERT_TRUE(made);
    EXPECT_EQ(tags_->view(*made).expression, "clear_tank.setpoint - 1");
    EXPECT_EQ(tags_->view(*made).type, ValueType::float64);
    EXPECT_EQ(parameter("clear_tank.off_setpoint.high", "setpoint"), "clear_tank.setpoint");
}

TEST_F(LoadAlarms, AnAlarmOfAGroupTakesOverWhatItDoesNotSayItself) {
    build();
    const auto& classes = catalog_->classes();
    EXPECT_EQ(classes[alarm("clear_tank.level.high_high").alarm_class].name, "safety");
    EXPECT_EQ(classes[alarm("clear_tank.level.low").alarm_class].name, "process");
    EXPECT_EQ(alarm("clear_tank.level.low").priority, 3) << "the group's";
    EXPECT_EQ(alarm("clear_tank.level.high_high").priority, 1);
    const auto rules = [this](std::string_view name) { return catalog_->rules()[id(name)]; };
    EXPECT_EQ(rules("clear_tank.level.high_high").on_delay, 500ms);
    EXPECT_EQ(rules("clear_tank.level.high").on_delay, 2s);
    EXPECT_EQ(rules("clear_tank.level.high").bad_input, alarms::BadInput::raise);
    EXPECT_TRUE(rules("clear_tank.level.high_high").life.latches);
    EXPECT_EQ(rules("clear_tank.level.high_high").longest_shelf, 0s);
    EXPECT_EQ(rules("clear_tank.level.high").longest_shelf, 4h);
    EXPECT_EQ(alarm("clear_tank.level.high_high").time_to_respond, 5min);
    EXPECT_EQ(alarm("clear_tank.level.high_high").response, "Close the inlet");
}

TEST_F(LoadAlarms, DelaysAndEnablingFollowTags) {
    build();
    const auto delays = catalog_->bound_delays();
    EXPECT_EQ(std::ranges::count_if(delays, [this](const auto& delay) { return delay.tag == *tags_->find("delay"); }), 3);
    const auto enabled_by = [this](std::string_view name) -> std::string {
        for (const auto& enabling : catalog_->enablings()) {
            if (enabling.alarm == id(name)) return tag_name(enabling.tag);
        }
        return "always";
    };
    EXPECT_EQ(enabled_by("clear_tank.level.high"), "pump_1.running") << "a tag's name alone needs no calculated tag";
    EXPECT_EQ(enabled_by("pump_1.dry"), "pump_1.running");
    EXPECT_EQ(enabled_by("pump_1.odd"), "pump_1.odd.enable");
    EXPECT_EQ(tags_->view(*tags_->find("pump_1.odd.enable")).expression, "not pump_1.fault");
    EXPECT_EQ(enabled_by("pump_1.trip"), "always");
}

TEST_F(LoadAlarms, TextsAreByLanguage) {
    build();
    EXPECT_EQ(catalog_->text(id("clear_tank.level.high_high"), 0), "Overflow: {value} {unit}");
    EXPECT_EQ(catalog_->text(id("clear_tank.level.high_high"), 1), "Überlauf");
    EXPECT_EQ(catalog_->text(id("clear_tank.level.high"), 1), "Level high") << "the first language's";
}

TEST_F(LoadAlarms, WhatToDoIsByLanguageToo) {
    build();
    const auto in = [this](std::string_view name, std::size_t language) { return catalog_->view(id(name), language); };
    EXPECT_EQ(in("clear_tank.level.high_high", 0).cause, "Inlet open");
    EXPECT_EQ(in("clear_tank.level.high_high", 1).cause, "Zulauf offen");
    EXPECT_EQ(in("clear_tank.level.high_high", 1).consequence, "Spill") << "the first language's";
    EXPECT_EQ(in("clear_tank.level.high_high", 1).response, "Zulauf schließen");
    EXPECT_EQ(in("clear_tank.level.low", 0).response, "Look at {tag}") << "the group's";
    EXPECT_EQ(in("clear_tank.level.low", 1).response, "Nach {tag} sehen") << "the group's";
    EXPECT_EQ(in("pump_1.trip", 0).response, "");
    EXPECT_EQ(in("pump_1.trip", 1).response, "");
}

TEST_F(LoadAlarms, ReasonsOfRulesAreByLanguage) {
    build();
    const auto reason = [this](std::string_view name, std::size_t language) {
        return catalog_->reason(rule(name)->id, language);
    };
    EXPECT_EQ(reason("pump_1.off", 0), "Pump 1 is off");
    EXPECT_EQ(reason("pump_1.off", 1), "Pumpe 1 ist aus");
    EXPECT_EQ(reason("overflow", 1), "The tank overflows") << "the first language's";
}

TEST_F(LoadAlarms, TextsOfATypeAreByLanguageForEachInstance) {
    write("types/Valve.json", R"json({"parameters": {"nr": {"default": 1}}, "members": {"fault": {"type": "bool"}}, "alarms": [
        {"name": "slow", "tag": ".fault", "priority": "low", "text": {"en": "Valve {nr} slow", "de": "Ventil {nr} langsam"},
         "response": {"en": "Grease valve {nr}", "de": "Ventil {nr} schmieren"}}]})json");
    write("tags/valves.json", R"json({"tags": [{"name": "v1", "of": "Valve", "with": {"nr": 1}},
                                               {"name": "v2", "of": "Valve", "with": {"nr": 2}}]})json");
    write("alarms/pumps.json", "{}");
    build();
    EXPECT_EQ(catalog_->text(id("v2.slow"), 1), "Ventil 2 langsam");
    EXPECT_EQ(catalog_->view(id("v1.slow"), 1).response, "Ventil 1 schmieren");
    EXPECT_EQ(catalog_->view(id("v2.slow"), 1).response, "Ventil 2 schmieren");
}

TEST_F(LoadAlarms, AnAlarmWithoutAPolicyIsRaisedWhileItIsTrue) {
    build();
    EXPECT_EQ(point("pump_1.trip").policy, "alarm_policy.discrete");
    EXPECT_EQ(tag_name(point("pump_1.trip").tag), "pump_1.fault");
    EXPECT_EQ(tag_name(point("pump_1.dry").tag), "pump_1.dry.condition");
    EXPECT_EQ(tags_->view(*tags_->find("pump_1.dry.condition")).type, ValueType::boolean);
    EXPECT_EQ(alarm("pump_1.dry").area, "works/intake") << "of the first tag in its expression";
    EXPECT_EQ(parameter("pump_1.odd", "state"), "3.000000");
    EXPECT_EQ(alarm("pump_1.trip").area, "works/intake");
    EXPECT_EQ(alarm("pump_1.odd").area, "");
}

TEST_F(LoadAlarms, ARuleSuppressesWhatFitsToAllThatItSays) {
    build();
    ASSERT_NE(rule("pump_1.off"), nullptr);
    EXPECT_EQ(names(rule("pump_1.off")->targets), "pump_1.dry pump_1.odd") << "the trip is no low one";
    EXPECT_EQ(catalog_->reason(rule("pump_1.off")->id, 0), "Pump 1 is off");
    EXPECT_EQ(tag_name(point_of_rule("pump_1.off").tag), "pump_1.off.condition");
    EXPECT_EQ(names(rule("intake flood")->targets),
              "clear_tank.level.low clear_tank.off_setpoint.high pump_1.dry valve_1.slow");
    EXPECT_EQ(point_of_rule("intake flood").policy, "alarm_policy.flood");
    EXPECT_EQ(tag_name(point_of_rule("intake flood").tag), "alarms.area.works.intake.starts");
    EXPECT_EQ(names(rule("overflow")->targets), "clear_tank.level.high clear_tank.level.low clear_tank.off_setpoint.high")
        << "without the alarm itself";
    EXPECT_EQ(point_of_rule("overflow").alarm, id("clear_tank.level.high_high"));
}

TEST_F(LoadAlarms, ARuleFollowsOneOutputOfItsPolicy) {
    build();
    const PointView point = point_of_rule("drained");
    EXPECT_EQ(point.policy, "alarm_policy.limits");
    ASSERT_EQ(point.outputs.size(), 1U);
    EXPECT_EQ(point.outputs[0].name, "low");
    ASSERT_EQ(point.parameters.size(), 2U);
    EXPECT_EQ(point.parameters[0].name, "low") << "its \"limit\"";
    EXPECT_EQ(point.parameters[0].number, 0.5);
    EXPECT_EQ(point.parameters[1].name, "hysteresis");
    EXPECT_EQ(names(rule("drained")->targets), "clear_tank.off_setpoint.high");
}

TEST_F(LoadAlarms, AnAlarmHidesOthersWhileItHolds) {
    build();
    ASSERT_NE(rule("clear_tank.level.high_high hides"), nullptr);
    EXPECT_EQ(names(rule("clear_tank.level.high_high hides")->targets), "clear_tank.level.high");
    EXPECT_EQ(point_of_rule("clear_tank.level.high_high hides").alarm, id("clear_tank.level.high_high"));
    EXPECT_EQ(point_of_rule("clear_tank.level.high_high hides").policy, "alarm_policy.discrete");
    EXPECT_EQ(names(rule("pump_1.trip hides")->targets), "pump_1.dry");
    EXPECT_EQ(catalog_->reason(rule("pump_1.trip hides")->id, 1), "hidden by pump_1.trip");
}

TEST_F(LoadAlarms, InstancesOfATypeHaveItsAlarms) {
    build();
    EXPECT_EQ(tag_name(point("valve_1.stuck").tag), "valve_1.stuck");
    EXPECT_EQ(tags_->view(point("valve_1.slow").tag).expression, "valve_1.travel > 10");
    EXPECT_EQ(alarm("valve_1.stuck").priority, 2);
    EXPECT_EQ(alarm("valve_1.stuck").area, "works/intake") << "of the instance";
    EXPECT_EQ(alarm("valve_1.stuck").file, "types/Valve.json");
    EXPECT_EQ(alarm("valve_2.stuck").priority, 1) << "overridden";
    EXPECT_FALSE(catalog_->find("valve_2.slow")) << "taken away";
}

TEST_F(LoadAlarms, AnAlarmOfATypeHidesOthersOfItsInstance) {
    write("types/Gate.json", R"({"members": {"stuck": {"type": "bool"}, "slow": {"type": "bool"}}, "alarms": [
        {"name": "stuck", "tag": ".stuck", "priority": "high", "text": "Stuck", "hides": ["{instance}.slow"]},
        {"name": "slow", "tag": ".slow", "priority": "low", "text": "Slow"}]})");
    write("tags/gates.json", R"({"tags": [{"name": "gate_1", "of": "Gate"}, {"name": "gate_2", "of": "Gate"}]})");
    build();
    ASSERT_NE(rule("gate_2.stuck hides"), nullptr);
    EXPECT_EQ(names(rule("gate_2.stuck hides")->targets), "gate_2.slow");
    EXPECT_EQ(names(rule("gate_1.stuck hides")->targets), "gate_1.slow");
}

TEST_F(LoadAlarms, ASiteWithAlarmsHasTheTagsOfItsKeyFigures) {
    build();
    const auto starts = tags_->find("alarms.area.works.intake.starts");
    ASSERT_TRUE(starts);
    EXPECT_TRUE(tags_->view(*starts).is_system);
    EXPECT_EQ(tags_->view(*starts).type, ValueType::uint64);
    fs::remove_all(folder_ / "alarms");
    fs::remove(folder_ / "tags/valves.json");
    build();
    EXPECT_FALSE(tags_->find("alarms.area.works.intake.starts")) << "there are no alarms";
}

TEST_F(LoadAlarms, TheSummaryCountsAlarms) {
    ASSERT_EQ(load(), "");
    EXPECT_NE(result_.site->summary().find(" tags, 10 alarms, 1 screen"), std::string::npos) << result_.site->summary();
    EXPECT_EQ(result_.site->alarm_count(), 10U);
}

TEST_F(LoadAlarms, ASiteThatSaysNothingHasOneClassAndFourPriorities) {
    write("site.json", R"({"format": 1, "name": "Plain"})");
    for (const char* folder : {"alarms", "types", "tags", "screens"}) fs::remove_all(folder_ / folder);
    write("tags/plain.json", R"({"tags": [{"name": "a", "type": "bool"}]})");
    write("alarms/deep/er/plain.json", R"({"alarms": [{"name": "a", "tag": "a", "priority": "medium", "text": "A"}]})");
    build();
    ASSERT_EQ(catalog_->classes().size(), 1U);
    EXPECT_EQ(catalog_->classes()[0].name, "process");
    EXPECT_EQ(catalog_->classes()[0].longest_shelf, 8h);
    ASSERT_EQ(catalog_->priorities().size(), 4U);
    EXPECT_EQ(catalog_->priorities()[0].name, "critical");
    EXPECT_EQ(catalog_->priorities()[0].repeat, 3s);
    EXPECT_EQ(alarm("a").priority, 3);
}

TEST_F(LoadAlarms, TheRevisionChangesWithAnAlarm) {
    ASSERT_EQ(load(), "");
    const std::string before = result_.site->revision();
    std::string text = testing::read_text(folder_ / "alarms/pumps.json");
    text.replace(text.find("Pump 1 tripped"), 14, "Pump 1 failed!");
    write("alarms/pumps.json", text);
    ASSERT_EQ(load(), "");
    EXPECT_NE(result_.site->revision(), before);
}

}  // namespace
}  // namespace penstock::site
