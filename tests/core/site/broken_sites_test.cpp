// Every folder of broken/ is a site with faults and the exact lines that `penstock check` prints of it, in order. The lines'
// places were worked out apart from the code that is tested.
#include <algorithm>
#include <fstream>
#include <sstream>

#include <gtest/gtest.h>

#include "core/site/site.hpp"
#include "tests/core/site/fake_plugins.hpp"

namespace penstock::site {
namespace {

namespace fs = std::filesystem;
const fs::path kBroken = fs::path(PENSTOCK_SOURCE_DIR) / "tests/core/site/broken";

std::vector<std::string> names_of_broken_sites() {
    std::vector<std::string> names;
    for (const auto& entry : fs::directory_iterator(kBroken)) names.push_back(entry.path().filename().string());
    std::ranges::sort(names);
    return names;
}

std::string text_of(const fs::path& path) {
    std::ifstream file(path, std::ios::binary);
    std::ostringstream text;
    text << file.rdbuf();
    return text.str();
}

class BrokenSite : public ::testing::TestWithParam<std::string> {};

TEST_P(BrokenSite, NamesEachFaultAtItsLineAndColumn) {
    testing::FakePlugins plugins;
    const SiteResult result = load_site(kBroken / GetParam() / "site", {}, plugins);
    EXPECT_FALSE(result.site);
    std::string printed;
    for (const Fault& fault : result.faults) printed += fault.text() + "\n";
    EXPECT_EQ(printed, text_of(kBroken / GetParam() / "expected.txt"));
}

INSTANTIATE_TEST_SUITE_P(All, BrokenSite, ::testing::ValuesIn(names_of_broken_sites()),
                         [](const auto& info) { return info.param; });

TEST(BrokenSites, AreAtLeastSixty) { EXPECT_GE(names_of_broken_sites().size(), 60U); }

}  // namespace
}  // namespace penstock::site
