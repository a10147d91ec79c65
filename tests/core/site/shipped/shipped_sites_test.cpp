// The sites in config/, and the one that `penstock new site` writes, with the plugins of this build.
#include <algorithm>
#include <filesystem>

#include <gtest/gtest.h>

#include "core/guests/plugin_registry.hpp"
#include "core/site/new_site.hpp"
#include "core/site/schemas.hpp"
#include "core/site/site.hpp"
#include "tests/core/site/scratch_folder.hpp"

namespace penstock::site {
namespace {

namespace fs = std::filesystem;

// A build without ImGui has no widgets, and then no screen can be checked.
bool has_widgets() { return guests::PluginRegistry::scan({PENSTOCK_PLUGIN_DIR}).find("widget.basic") != nullptr; }

std::string faults_of(const fs::path& site) {
    const auto registry = guests::PluginRegistry::scan({PENSTOCK_PLUGIN_DIR});
    std::string text;
    for (const Fault& fault : load_site(site, {}, registry).faults) text += fault.text() + "\n";
    return text;
}

std::vector<std::string> shipped_sites() {
    std::vector<std::string> names;
    for (const auto& entry : fs::directory_iterator(fs::path(PENSTOCK_SOURCE_DIR) / "config"))
        names.push_back(entry.path().filename());
    std::ranges::sort(names);
    return names;
}

class ShippedSite : public ::testing::TestWithParam<std::string> {};

TEST_P(ShippedSite, HasNoFault) {
    if (!has_widgets()) GTEST_SKIP() << "this build has no widget.basic";
    EXPECT_EQ(faults_of(fs::path(PENSTOCK_SOURCE_DIR) / "config" / GetParam()), "");
}

INSTANTIATE_TEST_SUITE_P(All, ShippedSite, ::testing::ValuesIn(shipped_sites()), [](const auto& info) { return info.param; });

TEST(NewSite, HasNoFaultWithTheModbusDriver) {
    if (!has_widgets()) GTEST_SKIP() << "this build has no widget.basic";
    testing::ScratchFolder scratch;
    ASSERT_TRUE(new_site(scratch.path() / "s", "127.0.0.1:1502"));
    EXPECT_EQ(faults_of(scratch.path() / "s"), "");
}

TEST(NewSite, HasNoFaultWithTheSimulationDriver) {
    if (!has_widgets()) GTEST_SKIP() << "this build has no widget.basic";
    testing::ScratchFolder scratch;
    ASSERT_TRUE(new_site(scratch.path() / "s", ""));
    EXPECT_EQ(faults_of(scratch.path() / "s"), "");
}

TEST(SiteSchemas, HaveTheKeysOfTheModbusDriver) {
    const auto registry = guests::PluginRegistry::scan({PENSTOCK_PLUGIN_DIR});
    for (const SchemaFile& file : site_schemas(registry)) {
        if (file.name == "device.schema.json") EXPECT_NE(file.text.find("\"max_registers\""), std::string::npos);
    }
}

}  // namespace
}  // namespace penstock::site
