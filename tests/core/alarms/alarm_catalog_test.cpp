#include <gtest/gtest.h>

#include <random>

#include "core/alarms/alarm_catalog_builder.hpp"
#include "tests/core/alarms/small_plant.hpp"

namespace penstock::alarms {
namespace {

using testing::small_alarms;
using testing::small_builder;
using testing::small_tags;

TEST(AlarmCatalog, SaysOfAnAlarmWhatTheSiteSaid) {
    const auto tags = small_tags();
    const auto alarms = small_alarms(*tags);
    ASSERT_EQ(alarms->size(), 3U);
    const auto id = alarms->find("tank_2.high");
    ASSERT_TRUE(id);
    const auto alarm = alarms->view(*id);
    EXPECT_EQ(alarm.name, "tank_2.high");
    EXPECT_EQ(alarm.area, "works/tanks/north");
    EXPECT_EQ(alarm.priority, 2);
    EXPECT_EQ(alarm.output, "high");
    EXPECT_EQ(alarm.tag, tags->find("tank_2.level"));
    EXPECT_EQ(alarm.response, "Open the outlet");
    EXPECT_EQ(alarm.line, 3U);
    EXPECT_EQ(alarms->rules()[*id].on_delay, std::chrono::seconds(2));
    EXPECT_EQ(alarms->rules()[*id].longest_shelf, std::chrono::hours(8));
    EXPECT_FALSE(alarms->find("tank_3.high"));
    EXPECT_EQ(alarms->nearest("tank_1.hihg", 1), std::vector<std::string_view>{"tank_1.high"});
}

TEST(AlarmCatalog, FallsBackToTheFirstLanguage) {
    const auto alarms = small_alarms(*small_tags());
    const auto id = alarms->find("pump.off").value();
    EXPECT_EQ(alarms->text(id, 0), "Pump is off");
    EXPECT_EQ(alarms->text(id, 1), "Pump is off");
    EXPECT_EQ(alarms->text(alarms->find("tank_1.high").value(), 1), "{tag} hoch: {value} {unit}");
}

TEST(AlarmCatalog, SaysWhatToDoAndWhyARuleSuppressesInEachLanguage) {
    const auto alarms = small_alarms(*small_tags());
    const auto id = alarms->find("tank_1.high").value();
    EXPECT_EQ(alarms->view(id, 0).response, "Open the outlet");
    EXPECT_EQ(alarms->view(id, 1).response, "Auslass öffnen");
    EXPECT_EQ(alarms->view(id, 7).response, "Open the outlet") << "no such language";
    EXPECT_EQ(alarms->view(id, 1).cause, "");
    EXPECT_EQ(alarms->reason(kFirstRule, 0), "the pump is off");
    EXPECT_EQ(alarms->reason(kFirstRule, 1), "die Pumpe ist aus");
}

TEST(AlarmCatalog, OfOneLanguageTakesTheFirstOfWhatIsGiven) {
    AlarmCatalogBuilder builder({"en"}, {AlarmClass{}}, {});
    const std::string_view texts[] = {"high", "hoch"}, response[] = {"open"};
    AlarmDefinition alarm;
    alarm.name = "a";
    alarm.texts = texts;
    alarm.response = response;
    const AlarmPlace targets[] = {builder.add(alarm)};
    builder.add_rule({"r", texts, targets});
    builder.add_rule({"s", {}, targets});
    tags::TagIdStore ids;
    const auto alarms = builder.build(*small_tags(), ids).value();
    EXPECT_EQ(alarms->text(alarms->find("a").value(), 0), "high");
    EXPECT_EQ(alarms->view(alarms->find("a").value()).response, "open");
    EXPECT_EQ(alarms->view(alarms->find("a").value()).cause, "");
    EXPECT_EQ(alarms->reason(kFirstRule, 0), "high");
    EXPECT_EQ(alarms->reason(kFirstRule + 1, 0), "");
}

// Numbers and tags mixed, few and many, rules between alarms: no point has anything of another.
TEST(AlarmCatalog, PointsComeBackAsTheyWereGivenHoweverTheyDiffer) {
    constexpr std::string_view kNames[] = {"low", "high", "hysteresis", "window"};
    const auto tags = small_tags();
    AlarmCatalogBuilder builder({"en"}, {AlarmClass{}}, {});
    std::mt19937 random(9);
    std::vector<std::vector<ParameterDefinition>> parameters(200);
    std::vector<std::vector<std::string>> outputs(200);  // "a12" an alarm, "r12" a rule
    for (std::size_t n = 0; n < parameters.size(); ++n) {
        std::vector<OutputDefinition> uses;
        for (const auto name : kNames) {
            const auto is_bound = random() % 4 == 0;
            if (random() % 2 == 0)
                parameters[n].push_back({name, static_cast<double>(random() % 100), is_bound ? "tank_1.high_limit" : ""});
            if (random() % 2 == 0)
                outputs[n].push_back((random() % 3 == 0 ? "r" : "a") + std::to_string(n) + std::string(name));
        }
        for (const auto& output : outputs[n]) {
            AlarmDefinition alarm;
            alarm.name = output;
            const bool is_rule = output.starts_with('r');
            uses.push_back(
                {kNames[uses.size()], is_rule ? kNoPlace : builder.add(alarm), is_rule ? std::string_view(output) : ""});
        }
        builder.add_point({"alarm_policy.limits", "tank_1.level", kNoPlace, parameters[n], uses});
    }
    tags::TagIdStore ids;
    const auto alarms = builder.build(*tags, ids).value();
    ASSERT_EQ(alarms->points(), parameters.size());
    for (std::size_t n = 0; n < parameters.size(); ++n) {
        const auto point = alarms->point(n);
        ASSERT_EQ(point.parameters.size(), parameters[n].size());
        for (std::size_t i = 0; i < point.parameters.size(); ++i) {
            const auto& [name, number, tag] = parameters[n][i];
            EXPECT_EQ(point.parameters[i].name, name);
            EXPECT_EQ(point.parameters[i].tag, tag.empty() ? tags::kNoTag : tags->find(tag));
            if (tag.empty()) {
                EXPECT_EQ(point.parameters[i].number, number);
            }
        }
        ASSERT_EQ(point.outputs.size(), outputs[n].size());
        for (std::size_t i = 0; i < point.outputs.size(); ++i) {
            const auto& use = point.outputs[i];
            const auto& name = outputs[n][i];
            EXPECT_EQ(use.name, kNames[i]);
            EXPECT_EQ(use.rule == 0 ? alarms->name(use.alarm) : alarms->suppression(use.rule)->name, name);
            if (use.rule == 0) {
                EXPECT_EQ(alarms->view(use.alarm).output, kNames[i]);
            }
        }
    }
}

TEST(AlarmCatalog, PointsNameTheirInputsParametersAndOutputs) {
    const auto tags = small_tags();
    const auto alarms = small_alarms(*tags);
    ASSERT_EQ(alarms->points(), 4U);
    const auto bound = alarms->point(0);
    EXPECT_EQ(bound.policy, "alarm_policy.limits");
    ASSERT_EQ(bound.parameters.size(), 1U);
    EXPECT_EQ(bound.parameters[0].tag, tags->find("tank_1.high_limit"));
    EXPECT_EQ(alarms->point(1).parameters.at(0).number, 4.5);
    const auto rule = alarms->point(3);
    EXPECT_EQ(rule.alarm, alarms->find("pump.off"));
    EXPECT_EQ(rule.outputs.at(0).rule, kFirstRule);
    ASSERT_NE(alarms->suppression(kFirstRule), nullptr);
    EXPECT_EQ(alarms->suppression(kFirstRule)->targets, std::vector<AlarmId>{alarms->find("tank_2.high").value()});
    EXPECT_EQ(alarms->suppression(kBadInput), nullptr);
    ASSERT_EQ(alarms->enablings().size(), 1U);
}

TEST(AlarmCatalog, IdsStayWhenAlarmsComeAndGo) {
    const auto tags = small_tags();
    tags::TagIdStore ids;
    auto first = small_builder();
    const auto before = first.build(*tags, ids).value()->find("tank_2.high").value();
    AlarmCatalogBuilder builder({"en"}, {AlarmClass{}}, {});
    AlarmDefinition alarm;
    for (const auto* name : {"a.new", "tank_2.high"}) {
        alarm.name = name;
        (void)builder.add(alarm);
    }
    const auto after = builder.build(*tags, ids).value();
    EXPECT_EQ(after->find("tank_2.high"), before);
    EXPECT_EQ(after->size(), 2U);
    EXPECT_EQ(after->find("a.new"), 3U) << "ids are not reused";
    EXPECT_FALSE(after->exists(0));
}

TEST(AlarmCatalog, RefusesWhatCannotBe) {
    const auto tags = small_tags();
    const auto fault = [&](AlarmDefinition alarm, bool is_twice) {
        tags::TagIdStore ids;
        AlarmCatalogBuilder builder({"en"}, {AlarmClass{}}, {});
        alarm.file = "alarms/a.json";
        alarm.line = 7;
        alarm.column = 3;
        (void)builder.add(alarm);
        if (is_twice) (void)builder.add(alarm);
        const auto built = builder.build(*tags, ids);
        return built ? std::string() : built.error().text();
    };
    AlarmDefinition alarm;
    EXPECT_NE(fault(alarm, false).find("has no name"), std::string::npos);
    alarm.name = "a";
    EXPECT_EQ(fault(alarm, false), "");
    EXPECT_NE(fault(alarm, true).find("alarms/a.json:7:3"), std::string::npos);
    EXPECT_NE(fault(alarm, true).find("defined twice"), std::string::npos);
    alarm.enable_tag = "no.such.tag";
    EXPECT_NE(fault(alarm, false).find("there is no tag \"no.such.tag\""), std::string::npos);
    alarm.enable_tag = {};
    alarm.priority = 17;
    EXPECT_NE(fault(alarm, false).find("wanted 1 to 16"), std::string::npos);
}

TEST(AlarmText, FillsWhatItKnowsAndLeavesTheRest) {
    TextParts parts;
    parts.value = "4.7";
    parts.unit = "m";
    EXPECT_EQ(fill_text("at {value} {unit}, {else}, {", parts), "at 4.7 m, {else}, {");
    EXPECT_EQ(fill_text("", parts), "");
}

}  // namespace
}  // namespace penstock::alarms
