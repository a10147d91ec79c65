// Types and their instances: what an instance becomes.
#include <algorithm>

#include <gtest/gtest.h>

#include "core/site/site.hpp"
#include "tests/core/site/fake_plugins.hpp"
#include "tests/core/site/scratch_folder.hpp"

namespace penstock::site {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kPump = R"json({
  "parameters": {
    "base": {"type": "number"},
    "top": {"default": 1000},
    "unit": {"default": "rpm"},
    "gate": {"type": "string", "default": "always"},
    "hot": {"default": 80.5},
    "writable": {"default": "read"}
  },
  "members": {
    "speed": {"address": "input:{base}", "type": "double", "unit": "{unit}", "range": [-10, "{top}"],
              "description": "speed of {instance}, {{in}} {unit}", "archive": "on_change"},
    "command": {"address": "holding:{base + 2 * (3 - 1)}", "type": "double", "access": "{writable}"},
    "fast": {"expression": ".speed > {top} - 1 and {gate}"},
    "state": {"expression": "if .fast then 'fast {unit}' else 'slow'"},
    "notes": {"type": "string", "initial": "new", "access": "read_write"}
  }
})json";

class Types : public ::testing::Test {
protected:
    Types() : folder_(scratch_.path() / "site") {
        write("site.json", R"({"format": 1, "name": "Works", "areas": {"a": {}, "b": {}}, "plugins": {"widget.basic": {}}})");
        write("devices/plc1.json", R"({"driver": "modbus", "endpoint": "127.0.0.1:1502"})");
        write("devices/plc2.json", R"({"driver": "modbus", "endpoint": "127.0.0.1:1503"})");
        write("tags/always.json", R"({"tags": [{"name": "always", "type": "bool"}, {"name": "P 9", "type": "bool"}]})");
        write("types/Pump.json", kPump);
    }
    void write(const std::string& file, std::string_view text) {
        fs::create_directories((folder_ / file).parent_path());
        testing::write_text(folder_ / file, std::string(text));
    }
    // The site with these instances.
    const Site& load(std::string_view instances) {
        write("tags/instances.json", "{\"tags\": [\n" + std::string(instances) + "]}");
        result_ = load_site(folder_, {}, plugins_);
        std::string faults;
        for (const Fault& fault : result_.faults) faults += fault.text() + "\n";
        if (!result_.site) throw std::runtime_error(faults);
        return *result_.site;
    }
    static tags::TagDefinition tag(const Site& site, std::string_view name) {
        for (const auto& each : site.tags()) {
            if (each.name == name) return each;
        }
        ADD_FAILURE() << "no tag " << name;
        return {};
    }

    testing::ScratchFolder scratch_;
    fs::path folder_;
    testing::FakePlugins plugins_;
    SiteResult result_;
};

TEST_F(Types, AnInstanceBecomesATagForEachMember) {
    const Site& site = load(R"({"name": "p1", "of": "Pump", "device": "plc1", "area": "a", "with": {"base": 100}})");
    EXPECT_EQ(site.tags().size(), 7U);
    const auto speed = tag(site, "p1.speed");
    EXPECT_EQ(speed.device, "plc1");
    EXPECT_EQ(speed.address, "input:100");
    EXPECT_EQ(speed.area, "a");
    EXPECT_EQ(speed.unit, "rpm");
    EXPECT_EQ(speed.range_high, 1000);
    EXPECT_EQ(speed.description, "speed of p1, {in} rpm");
    EXPECT_NE(speed.archive, nullptr);
    EXPECT_EQ(tag(site, "p1.notes").device, "") << "without an address it is no tag of the device";
    EXPECT_EQ(tag(site, "p1.notes").area, "a");
}

TEST_F(Types, ParametersCalculateAddresses) {
    const Site& site = load(R"({"name": "p1", "of": "Pump", "device": "plc1", "with": {"base": 100}})");
    EXPECT_EQ(tag(site, "p1.command").address, "holding:104");
}

TEST_F(Types, AParameterKeepsItsTypeWhereItStandsAlone) {
    const Site& site =
        load(R"({"name": "p1", "of": "Pump", "device": "plc1", "with": {"base": 1, "top": 12.5, "writable": "read_write"}})");
    EXPECT_EQ(tag(site, "p1.speed").range_high, 12.5);
    EXPECT_EQ(tag(site, "p1.command").access, tags::Access::read_write);
}

TEST_F(Types, ExpressionsNameMembersOfTheSameInstanceByADot) {
    const Site& site = load(R"({"name": "p1", "of": "Pump", "device": "plc1", "with": {"base": 1, "top": -5}},
                               {"name": "P-2", "of": "Pump", "device": "plc1", "with": {"base": 10, "gate": "P 9", "unit": "l/s"}})");
    EXPECT_EQ(tag(site, "p1.fast").expression, "p1.speed > (-5) - 1 and always");
    EXPECT_EQ(tag(site, "P-2.fast").expression, "{P-2.speed} > 1000 - 1 and {P 9}");
    EXPECT_EQ(tag(site, "P-2.fast").type, ValueType::boolean);
    EXPECT_EQ(tag(site, "P-2.state").expression, "if {P-2.fast} then 'fast l/s' else 'slow'");
    EXPECT_EQ(tag(site, "P-2.state").type, ValueType::string);
}

TEST_F(Types, AnInstanceOverridesKeysOfMembersAndTheTagsSayWhich) {
    const Site& site = load(R"json({"name": "p1", "of": "Pump", "device": "plc1", "with": {"base": 1}, "override": {
        "speed": {"range": [0, 50], "unit": "Hz", "archive": null},
        "fast": {"expression": ".command > 3"},
        "notes": {"address": "holding:7:string"}}})json");
    EXPECT_EQ(tag(site, "p1.speed").range_high, 50);
    EXPECT_EQ(tag(site, "p1.speed").unit, "Hz");
    EXPECT_EQ(tag(site, "p1.speed").archive, nullptr) << "null takes a key away";
    EXPECT_EQ(tag(site, "p1.speed").overridden, "range, unit, archive");
    EXPECT_EQ(tag(site, "p1.fast").expression, "p1.command > 3");
    EXPECT_EQ(tag(site, "p1.notes").device, "plc1") << "the override gave it an address";
    EXPECT_EQ(tag(site, "p1.command").overridden, "");
}

TEST_F(Types, ATagKnowsItsPlaceInTheTypeAndItsInstance) {
    const auto speed =
        tag(load("  {\"name\": \"p1\", \"of\": \"Pump\", \"device\": \"plc1\", \"with\": {\"base\": 1}}"), "p1.speed");
    EXPECT_EQ(speed.file, "types/Pump.json");
    EXPECT_EQ(speed.line, 11U);
    EXPECT_EQ(speed.column, 14U);
    EXPECT_EQ(speed.instance, "p1 (tags/instances.json:2:3)");
}

TEST_F(Types, InstancesStandInsideOthersAndTakeOverDeviceAndArea) {
    write("types/Station.json", R"json({
      "parameters": {"start": {"type": "number"}},
      "members": {
        "left": {"of": "Pump", "with": {"base": "{start}"}, "override": {"speed": {"range": [0, 1], "unit": "Hz"}}},
        "right": {"of": "Pump", "device": "plc2", "area": "b", "with": {"base": "{start + 10}", "gate": "{instance}.open"}},
        "open": {"type": "bool"},
        "any": {"expression": ".left.fast or .right.fast"}}})json");
    const Site& site = load(R"json({"name": "s1", "of": "Station", "device": "plc1", "area": "a", "with": {"start": 200},
        "override": {"left": {"speed": {"range": [0, 7]}}, "right": {"command": {"description": "by hand"}}}})json");
    EXPECT_EQ(tag(site, "s1.left.speed").address, "input:200");
    EXPECT_EQ(tag(site, "s1.left.speed").device, "plc1");
    EXPECT_EQ(tag(site, "s1.left.speed").area, "a");
    EXPECT_EQ(tag(site, "s1.left.speed").range_high, 7) << "the outermost override is the strongest";
    EXPECT_EQ(tag(site, "s1.left.speed").unit, "Hz");
    EXPECT_EQ(tag(site, "s1.left.speed").instance, "s1.left (tags/instances.json:2:1)");
    EXPECT_EQ(tag(site, "s1.right.speed").address, "input:210");
    EXPECT_EQ(tag(site, "s1.right.speed").device, "plc2");
    EXPECT_EQ(tag(site, "s1.right.speed").area, "b");
    EXPECT_EQ(tag(site, "s1.right.command").description, "by hand");
    EXPECT_EQ(tag(site, "s1.right.fast").expression, "s1.right.speed > 1000 - 1 and s1.open");
    EXPECT_EQ(tag(site, "s1.any").expression, "s1.left.fast or s1.right.fast");
}

TEST_F(Types, ARenamedInstanceKeepsTheHistoryOfItsMembers) {
    write("types/Pair.json",
          R"({"members": {"a": {"type": "int", "was": "first"}, "b": {"type": "int"}, "c": {"of": "One"}}})");
    write("types/One.json", R"({"members": {"x": {"type": "int"}}})");
    const Site& site = load(R"({"name": "new", "of": "Pair", "was": "old"}, {"name": "other", "of": "Pair"})");
    EXPECT_EQ(tag(site, "new.a").was, "old.first");
    EXPECT_EQ(tag(site, "new.b").was, "old.b");
    EXPECT_EQ(tag(site, "new.c.x").was, "old.c.x");
    EXPECT_EQ(tag(site, "other.a").was, "other.first");
    EXPECT_EQ(tag(site, "other.b").was, "");
}

TEST_F(Types, TheArchiveOfAnInstanceIsThatOfMembersWithoutOne) {
    const Site& site = load(R"({"name": "p1", "of": "Pump", "device": "plc1", "archive": {"mode": "cyclic", "interval": "1s"},
                                "with": {"base": 1}})");
    ASSERT_NE(tag(site, "p1.command").archive, nullptr);
    EXPECT_EQ(tag(site, "p1.command").archive->mode, tags::ArchiveMode::cyclic);
    EXPECT_EQ(tag(site, "p1.speed").archive->mode, tags::ArchiveMode::on_change);
}

TEST_F(Types, SiteParametersWorkInTypesAndInstances) {
    const Site& site =
        load(R"({"name": "p1", "of": "Pump", "device": "plc1", "with": {"base": {"param": "first_register", "default": 40}}})");
    EXPECT_EQ(tag(site, "p1.speed").address, "input:40");
}

TEST_F(Types, ARevisionCountsTypes) {
    constexpr std::string_view kOne = R"({"name": "p1", "of": "Pump", "device": "plc1", "with": {"base": 1}})";
    const std::string before = load(kOne).revision();
    std::string changed(kPump);
    write("types/Pump.json", changed.replace(changed.find("1000"), 4, "1001"));
    EXPECT_NE(load(kOne).revision(), before);
}

TEST(SiteWithTypes, IsGoodAsAWhole) {
    testing::FakePlugins plugins;
    const SiteResult result = load_site(fs::path(PENSTOCK_SOURCE_DIR) / "tests/core/site/good/types", {}, plugins);
    for (const Fault& fault : result.faults) ADD_FAILURE() << fault.text();
    ASSERT_TRUE(result.site);
    EXPECT_EQ(std::ranges::count(result.site->tags(), false, &tags::TagDefinition::system), 15);
}

}  // namespace
}  // namespace penstock::site
