// config/waterworks as `penstock check` sees it: with the plugins that it names.
#include <gtest/gtest.h>

#include <filesystem>

#include "apps/plantsim/point_table.hpp"
#include "core/guests/plugin_registry.hpp"
#include "core/site/site.hpp"

namespace penstock::plantsim {
namespace {

site::SiteResult load(const guests::PluginRegistry& registry, site::Params params = {}) {
    return site::load_site(PENSTOCK_SOURCE_DIR "/config/waterworks", params, registry);
}

TEST(WaterworksSite, IsWithoutFault) {
    const auto registry = guests::PluginRegistry::scan({PENSTOCK_PLUGIN_DIR});
    const site::SiteResult result = load(registry);
    for (const site::Fault& fault : result.faults) ADD_FAILURE() << fault.text();
    ASSERT_NE(result.site, nullptr);
    EXPECT_EQ(result.site->tags().size(), point_table().size());
    EXPECT_EQ(result.site->start_screen(), "overview");
}

TEST(WaterworksSite, WorksWithAPlantOnAnyPort) {
    const auto registry = guests::PluginRegistry::scan({PENSTOCK_PLUGIN_DIR});
    const site::SiteResult result = load(registry, {{{"plc_endpoint", "127.0.0.1:40123"}}, {}});
    ASSERT_NE(result.site, nullptr);
    ASSERT_EQ(result.site->devices().size(), 1U);
    EXPECT_EQ(result.site->devices()[0].endpoint, "127.0.0.1:40123");
}

}  // namespace
}  // namespace penstock::plantsim
