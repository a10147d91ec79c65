#include "core/guests/private_folder.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <optional>

#include "tests/core/guests/support/bytes.hpp"

namespace penstock::guests {
namespace {

namespace fs = std::filesystem;
using testing::TemporaryFolder;

TEST(PrivateFolder, IsRemovedWithItsOwnerAndLeavesItsParent) {
    const TemporaryFolder parent;
    {
        const auto folder = PrivateFolder::create(parent / "data");
        ASSERT_TRUE(folder) << folder.error().text();
        EXPECT_EQ(folder->path().parent_path(), parent / "data");
        ASSERT_TRUE(folder->write("driver.a.so", testing::Bytes(100)));
    }
    EXPECT_TRUE(fs::is_empty(parent / "data"));
}

TEST(PrivateFolder, WritesNoFileTwiceAndNoneOutside) {
    const TemporaryFolder parent;
    const auto folder = PrivateFolder::create(parent.path());
    ASSERT_TRUE(folder);
    ASSERT_TRUE(folder->write("a.so", testing::Bytes(1)));
    EXPECT_FALSE(folder->write("a.so", testing::Bytes(1)));
    const auto inside = folder->write("../../b.so", testing::Bytes(1));
    ASSERT_TRUE(inside);
    EXPECT_EQ(inside->parent_path(), folder->path());
}

TEST(PrivateFolder, RemovesFoldersThatAKilledProcessLeft) {
    const TemporaryFolder parent;
    const auto abandoned = parent / "penstock-plugins-abcdef";
    fs::create_directory(abandoned);
    testing::write_file(abandoned / ".in-use", {});
    testing::write_file(abandoned / "driver.a.so", testing::Bytes(100));
    const auto foreign = parent / "somebody-elses";
    fs::create_directory(foreign);
    const auto folder = PrivateFolder::create(parent.path());
    ASSERT_TRUE(folder);
    EXPECT_FALSE(fs::exists(abandoned));
    EXPECT_TRUE(fs::exists(foreign));
}

TEST(PrivateFolder, LeavesFoldersAloneThatAreInUse) {
    const TemporaryFolder parent;
    const auto first = PrivateFolder::create(parent.path());
    const auto second = PrivateFolder::create(parent.path());
    ASSERT_TRUE(first);
    ASSERT_TRUE(second);
    EXPECT_TRUE(fs::exists(first->path()));
    EXPECT_NE(first->path(), second->path());
}

TEST(PrivateFolder, NamesAParentThatCannotBeUsed) {
    const auto folder = PrivateFolder::create("/proc/no/such/folder");
    ASSERT_FALSE(folder);
    EXPECT_NE(folder.error().text().find("/proc/no/such/folder"), std::string::npos);
}

}  // namespace
}  // namespace penstock::guests
