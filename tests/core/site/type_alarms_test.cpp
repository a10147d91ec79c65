// Alarms of types, as the loader of alarms sees them.
#include <gtest/gtest.h>

#include "core/site/load_context.hpp"
#include "core/site/tag_checker.hpp"
#include "tests/core/site/fake_plugins.hpp"
#include "tests/core/site/scratch_folder.hpp"

namespace penstock::site {
namespace {

namespace fs = std::filesystem;

class TypeAlarms : public ::testing::Test {
protected:
    void write(const std::string& file, std::string_view text) {
        const fs::path path = scratch_.path() / file;
        fs::create_directories(path.parent_path());
        testing::write_text(path, std::string(text));
    }
    void load(std::string_view type, std::string_view instances) {
        write("types/Pump.json", type);
        write("tags/pumps.json", instances);
        context_.folder = SiteFolder::open(scratch_.path(), faults_);
        load_types(context_, {Entry{"types/Pump.json", "Pump.json", false}});
        TagChecker checker(context_);
        load_tags(context_, checker, {Entry{"tags/pumps.json", "pumps.json", false}});
        checker.finish();
        for (const Fault& fault : faults_.take()) ADD_FAILURE() << fault.text();
    }
    std::string expanded(std::size_t number) {
        documents_.push_back(expand_alarms(*context_.type_alarms.at(number), context_));
        return canonical_json(documents_.back()->root());
    }

    testing::ScratchFolder scratch_;
    testing::FakePlugins plugins_;
    SiteContent content_;
    FaultList faults_;
    LoadContext context_{plugins_, content_, {}, faults_};
    std::vector<std::unique_ptr<JsonDocument>> documents_;
};

TEST_F(TypeAlarms, AreThoseOfAnAlarmFileForEachInstance) {
    load(R"json({"parameters": {"high": {"default": 80}, "title": {"default": "pump"}}, "screen": "pumps",
        "members": {"t": {"type": "double"}, "on": {"type": "bool"}},
        "alarms": [{"name": "hot", "tag": ".t", "policy": "limits", "setpoints": {"high": "{high}", "high_high": "{high + 10}"},
                    "enable": ".on and {high} > 1", "text": {"en": "{title} {tag} at {value} {unit}"}, "time_to_respond": "10m"}]})json",
         R"json({"tags": [{"name": "p1", "of": "Pump", "area": "works"},
                          {"name": "p-2", "of": "Pump", "with": {"high": 90.5, "title": "big"}}]})json");
    ASSERT_EQ(context_.type_alarms.size(), 2U);
    EXPECT_EQ(expanded(0),
              R"json([{"area":"works","enable":"p1.on and 80 > 1","name":"p1.hot","policy":"limits","screen":"pumps",)json"
              R"json("setpoints":{"high":80,"high_high":90},"tag":"p1.t","text":{"en":"pump {tag} at {value} {unit}"},)json"
              R"json("time_to_respond":"10m"}])json");
    EXPECT_EQ(
        expanded(1),
        R"json([{"enable":"{p-2.on} and 90.5 > 1","name":"p-2.hot","policy":"limits","screen":"pumps",)json"
        R"json("setpoints":{"high":90.5,"high_high":100.5},"tag":"p-2.t","text":{"en":"big {tag} at {value} {unit}"},)json"
        R"json("time_to_respond":"10m"}])json");
}

TEST_F(TypeAlarms, AreOverriddenOrTakenAwayByAnInstance) {
    load(R"json({"members": {"t": {"type": "double"}}, "alarms": [
        {"name": "high", "tag": ".t", "priority": 2}, {"name": "low", "tag": ".t", "screen": "own"}]})json",
         R"json({"tags": [{"name": "p1", "of": "Pump", "override": {"alarms": {
            "high": null, "low": {"priority": 1, "expression": ".t < 5"}}}}]})json");
    EXPECT_EQ(expanded(0), R"json([{"expression":"p1.t < 5","name":"p1.low","priority":1,"screen":"own","tag":"p1.t"}])json");
}

TEST_F(TypeAlarms, NameEachOtherByADotAndFollowARenamedInstance) {
    load(R"json({"members": {"t": {"type": "double"}}, "alarms": [
        {"name": "high", "tag": ".t", "hides": [".low", ".other"]}, {"name": "low", "was": "lo"}]})json",
         R"json({"tags": [{"name": "p1", "of": "Pump", "was": "q"}]})json");
    EXPECT_EQ(expanded(0), R"json([{"hides":["p1.low",".other"],"name":"p1.high","tag":"p1.t","was":"q.high"},)json"
                           R"json({"name":"p1.low","was":"q.lo"}])json");
}

TEST_F(TypeAlarms, KnowWhereTheyAreWritten) {
    load(
        "{\"members\": {\"t\": {\"type\": \"double\"}}, \"alarms\": [\n  {\"name\": \"high\", \"expression\": \".t > 1 and "
        ".x\", \"priority\": 2}]}",
        "{\"tags\": [{\"name\": \"p1\", \"of\": \"Pump\", \"override\": {\"alarms\": {\n\"high\": {\"priority\": 77}}}}]}");
    (void)expanded(0);
    const JsonView alarm = *documents_.back()->root().begin();
    EXPECT_EQ(alarm.source().name(), "types/Pump.json");
    EXPECT_EQ(alarm.place(), (Place{2, 3}));
    EXPECT_EQ(alarm.pointer(), "/alarms/0");
    const JsonView priority = alarm.find("priority");
    EXPECT_EQ(priority.source().name(), "tags/pumps.json");
    EXPECT_EQ(priority.place(), (Place{2, 22}));
    EXPECT_EQ(priority.pointer(), "/tags/0/override/alarms/high/priority");
    // A byte of what was made of an expression: ".x" of "p1.t > 1 and p1.x".
    const JsonView expression = alarm.find("expression");
    const Written written = context_.written(expression.text(), 13, expression.source());
    ASSERT_NE(written.source, nullptr);
    EXPECT_EQ(written.source->place(written.offset), (Place{2, 46}));
}

TEST_F(TypeAlarms, TellAFaultOnceForAllInstances) {
    load(R"json({"members": {"t": {"type": "double"}}, "alarms": [{"name": "high", "priority": 99}]})json",
         R"json({"tags": [{"name": "p1", "of": "Pump"}, {"name": "p2", "of": "Pump"}]})json");
    for (const TypeInstance* instance : context_.type_alarms) {
        const FaultList::OfInstance scope(faults_, &instance->place);
        documents_.push_back(expand_alarms(*instance, context_));
        add_fault(faults_, (*documents_.back()->root().begin()).find("priority"), "the priority is too high");
    }
    const auto faults = faults_.take();
    ASSERT_EQ(faults.size(), 1U);
    EXPECT_EQ(faults.front().text(), "types/Pump.json:1:80: the priority is too high, in p1 (tags/pumps.json:1:11)");
}

}  // namespace
}  // namespace penstock::site
