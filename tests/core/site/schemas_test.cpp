#include "core/site/schemas.hpp"

#include <algorithm>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "core/base/json_schema.hpp"
#include "core/site/json_document.hpp"
#include "tests/core/site/fake_plugins.hpp"
#include "tests/core/site/scratch_folder.hpp"

namespace penstock::site {
namespace {

const std::filesystem::path kTests = std::filesystem::path(PENSTOCK_SOURCE_DIR) / "tests/core/site";

base::JsonSchema schema_named(std::string_view name) {
    testing::FakePlugins plugins;
    const auto files = site_schemas(plugins);
    const auto found = std::ranges::find(files, name, &SchemaFile::name);
    return *base::JsonSchema::compile(found->text);
}

// The faults of a file by one of our schemas, as text.
std::string faults_by(std::string_view schema, const std::filesystem::path& file) {
    FaultList faults;
    const auto document =
        JsonDocument::parse(std::make_shared<const SourceText>(file.string(), testing::read_text(kTests / file)), faults);
    if (!document) return "unreadable";
    std::string text;
    for (const auto& fault : schema_named(schema).check(to_nlohmann(document->root())))
        text += fault.pointer + ": " + fault.sentence + "\n";
    return text;
}

TEST(SiteSchemas, AcceptTheFilesOfAGoodSite) {
    EXPECT_EQ(faults_by("site.schema.json", "good/small/site.json"), "");
    EXPECT_EQ(faults_by("device.schema.json", "good/small/devices/plc1.json"), "");
    EXPECT_EQ(faults_by("tags.schema.json", "good/small/tags/plain.json"), "");
    EXPECT_EQ(faults_by("screen.schema.json", "good/small/screens/overview.json"), "");
    EXPECT_EQ(faults_by("site.schema.json", "good/alarms/site.json"), "");
    EXPECT_EQ(faults_by("alarms.schema.json", "good/alarms/alarms/tanks.json"), "");
    EXPECT_EQ(faults_by("alarms.schema.json", "good/alarms/alarms/pumps.json"), "");
    EXPECT_EQ(faults_by("tags.schema.json", "good/types/tags/pumps.json"), "");
    EXPECT_EQ(faults_by("type.schema.json", "good/types/types/Motor.json"), "");
    EXPECT_EQ(faults_by("type.schema.json", "good/types/types/Pump.json"), "");
}

TEST(SiteSchemas, RefuseWhatTheLoaderRefuses) {
    EXPECT_NE(faults_by("site.schema.json", "broken/site_unknown_key/site/site.json"), "");
    EXPECT_NE(faults_by("device.schema.json", "broken/device_setting_out_of_range/site/devices/plc1.json"), "");
    EXPECT_NE(faults_by("device.schema.json", "broken/device_unknown_setting/site/devices/plc1.json"), "");
    EXPECT_NE(faults_by("tags.schema.json", "broken/tag_unknown_access/site/tags/plant.json"), "");
    EXPECT_NE(faults_by("tags.schema.json", "broken/tag_archive_unknown_key/site/tags/plant.json"), "");
    EXPECT_NE(faults_by("site.schema.json", "broken/alarm_class_mandatory_unknown/site/site.json"), "");
    EXPECT_NE(faults_by("alarms.schema.json", "broken/alarm_unknown_output/site/alarms/a.json"), "");
    EXPECT_NE(faults_by("alarms.schema.json", "broken/alarm_unknown_key_in_output/site/alarms/a.json"), "");
    EXPECT_NE(faults_by("alarms.schema.json", "broken/alarm_limit_is_text/site/alarms/a.json"), "");
    EXPECT_NE(faults_by("alarms.schema.json", "broken/alarm_text_is_number/site/alarms/a.json"), "");
    EXPECT_NE(faults_by("tags.schema.json", "broken/type_instance_unknown_key/site/tags/pumps.json"), "");
    EXPECT_NE(faults_by("type.schema.json", "broken/type_member_unknown_key/site/types/Pump.json"), "");
    EXPECT_NE(faults_by("type.schema.json", "broken/type_member_wrong_value/site/types/Pump.json"), "");
    EXPECT_NE(faults_by("type.schema.json", "broken/type_parameter_unknown_type/site/types/Pump.json"), "");
    EXPECT_NE(faults_by("screen.schema.json", "broken/screen_unknown_property/site/screens/a.json"), "");
}

TEST(SiteSchemas, SayWhatEveryKeyIsFor) {
    testing::FakePlugins plugins;
    for (const SchemaFile& file : site_schemas(plugins)) {
        for (const auto& [key, schema] : nlohmann::json::parse(file.text)["properties"].items()) {
            EXPECT_FALSE(schema.value("description", "").empty()) << file.name << " " << key;
        }
    }
}

}  // namespace
}  // namespace penstock::site
