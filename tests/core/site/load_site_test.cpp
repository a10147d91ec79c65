#include "core/site/site.hpp"

#include <gtest/gtest.h>

#include "tests/core/site/fake_plugins.hpp"

namespace penstock::site {
namespace {

const std::filesystem::path kFolder = std::filesystem::path(PENSTOCK_SOURCE_DIR) / "tests/core/site";

std::string listed(const SiteResult& result) {
    std::string text;
    for (const Fault& fault : result.faults) text += fault.text() + "\n";
    return text;
}

TEST(LoadSite, AGoodSiteHasNoFaultAndPrintsOneLine) {
    testing::FakePlugins plugins;
    const SiteResult result = load_site(kFolder / "good/small", {}, plugins);
    ASSERT_TRUE(result.site) << listed(result);
    EXPECT_EQ(result.site->summary().find("Kläranlage Ü: 1 device, 11 tags, 1 screen, revision "), 0U) << result.site->summary();
    EXPECT_EQ(result.site->summary().find('\n'), std::string::npos);
}

}  // namespace
}  // namespace penstock::site
