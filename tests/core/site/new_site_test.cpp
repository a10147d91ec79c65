#include "core/site/new_site.hpp"

#include <gtest/gtest.h>

#include "core/site/site.hpp"
#include "tests/core/site/fake_plugins.hpp"
#include "tests/core/site/scratch_folder.hpp"

namespace penstock::site {
namespace {

namespace fs = std::filesystem;

TEST(NewSite, WithModbusRunsAsItIs) {
    testing::ScratchFolder scratch;
    const auto written = new_site(scratch.path() / "works", "127.0.0.1:1502");
    ASSERT_TRUE(written) << written.error().text();
    testing::FakePlugins plugins;
    const SiteResult result = load_site(scratch.path() / "works", {}, plugins);
    ASSERT_TRUE(result.site) << (result.faults.empty() ? "" : result.faults.front().text());
    EXPECT_EQ(result.site->start_screen(), "overview");
    EXPECT_EQ(result.site->devices()[0].endpoint, "127.0.0.1:1502");
    EXPECT_EQ(result.site->devices()[0].scan_classes[0].period, 100ms);
    ASSERT_EQ(result.site->tags().size(), 10U);
    for (const auto& tag : result.site->tags()) {
        EXPECT_EQ(tag.name.substr(0, 6), "plc1.h");
        EXPECT_EQ(std::string(tag.address), "holding:" + std::string(tag.name.substr(6)));
        EXPECT_EQ(tag.type, ValueType::uint64);
        EXPECT_EQ(tag.access, tags::Access::read_write);
        ASSERT_NE(tag.archive, nullptr);
        EXPECT_EQ(tag.archive->mode, tags::ArchiveMode::on_change);
    }
}

TEST(NewSite, WritesIntoAnEmptyFolder) {
    testing::ScratchFolder scratch;
    EXPECT_TRUE(new_site(scratch.path(), "[::1]:502"));
    EXPECT_TRUE(fs::exists(scratch.path() / "site.json"));
}

TEST(NewSite, WithoutEndpointIsSimulated) {
    testing::ScratchFolder scratch;
    ASSERT_TRUE(new_site(scratch.path() / "s", ""));
    EXPECT_NE(testing::read_text(scratch.path() / "s/devices/sim1.json").find("\"simulation\""), std::string::npos);
}

TEST(NewSite, LeavesAFolderThatIsNotEmptyAlone) {
    testing::ScratchFolder scratch;
    testing::write_text(scratch.path() / "s/notes.txt", "x");
    const auto written = new_site(scratch.path() / "s", "");
    ASSERT_FALSE(written);
    EXPECT_EQ(written.error().code(), ErrorCode::invalid_config);
    EXPECT_FALSE(fs::exists(scratch.path() / "s/site.json"));
}

TEST(NewSite, LeavesNothingBehindWhenItCannotWrite) {
    testing::ScratchFolder scratch;
    const auto written = new_site(scratch.path() / "missing/s", "");
    ASSERT_FALSE(written);
    EXPECT_EQ(written.error().code(), ErrorCode::internal);
    EXPECT_FALSE(fs::exists(scratch.path() / "missing"));
}

TEST(NewSite, RefusesWhatIsNoEndpoint) {
    testing::ScratchFolder scratch;
    for (const char* endpoint : {"127.0.0.1", "127.0.0.1:", ":502", "127.0.0.1:0", "127.0.0.1:70000", "a\"b:502", "a b:502",
                                 "a\n:502", "/etc/passwd:1"}) {
        const auto written = new_site(scratch.path() / "s", endpoint);
        ASSERT_FALSE(written) << endpoint;
        EXPECT_EQ(written.error().code(), ErrorCode::invalid_argument);
        EXPECT_FALSE(fs::exists(scratch.path() / "s"));
    }
}

}  // namespace
}  // namespace penstock::site
