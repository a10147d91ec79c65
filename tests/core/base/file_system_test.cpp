#include <cstddef>
#include <fstream>
#include <iterator>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>
#include <sys/stat.h>

#include "core/base/crc32c.hpp"
#include "core/base/file_system.hpp"
#include "core/base/sha256.hpp"
#include "tests/support/failing_file_system.hpp"
#include "tests/support/program.hpp"
#include "tests/support/recording_file_system.hpp"

namespace penstock::base {
namespace {

using penstock::testing::FailingFileSystem;
using penstock::testing::RecordingFileSystem;
using penstock::testing::ScratchFolder;

std::span<const std::byte> bytes_of(std::string_view text) { return std::as_bytes(std::span(text)); }
std::string text_of(std::span<const std::byte> bytes) { return {reinterpret_cast<const char*>(bytes.data()), bytes.size()}; }

// The machine's disk and its twin in memory behave alike.
class AnyFileSystem : public ::testing::TestWithParam<bool> {
protected:
    AnyFileSystem() : folder_(GetParam() ? scratch_ / "a" : "/a") { EXPECT_TRUE(files().make_folder(folder_)); }
    FileSystem& files() { return GetParam() ? real_file_system() : twin_; }
    [[nodiscard]] std::filesystem::path path(const std::string& name) const { return folder_ / name; }

    ScratchFolder scratch_;
    RecordingFileSystem twin_;
    std::filesystem::path folder_;
};
INSTANTIATE_TEST_SUITE_P(RealAndTwin, AnyFileSystem, ::testing::Bool(),
                         [](const auto& info) { return info.param ? "Real" : "Twin"; });

TEST_P(AnyFileSystem, ReadsWhatWasWritten) {
    auto file = files().open(path("x"), OpenMode::create);
    ASSERT_TRUE(file) << file.error().text();
    ASSERT_TRUE((*file)->write(3, bytes_of("hello")));
    ASSERT_TRUE((*file)->sync());
    EXPECT_EQ(*(*file)->size(), 8U);
    std::vector<std::byte> into(20);
    EXPECT_EQ(*(*file)->read(3, into), 5U);
    EXPECT_EQ(text_of(std::span(into).first(5)), "hello");
    EXPECT_EQ(*(*file)->read(8, into), 0U);
}

TEST_P(AnyFileSystem, AllocatesZerosAndCutsThemOff) {
    auto file = files().open(path("x"), OpenMode::create);
    ASSERT_TRUE(file && (*file)->allocate(10'000));
    EXPECT_EQ(*(*file)->size(), 10'000U);
    std::vector<std::byte> into(10'000, std::byte{1});
    EXPECT_EQ(*(*file)->read(0, into), 10'000U);
    EXPECT_EQ(into, std::vector<std::byte>(10'000));
    ASSERT_TRUE((*file)->truncate(10));
    EXPECT_EQ(*(*file)->size(), 10U);
}

TEST_P(AnyFileSystem, TellsApartWhyAFileDoesNotOpen) {
    EXPECT_EQ(files().open(path("none"), OpenMode::read).error().code(), ErrorCode::not_found);
    EXPECT_EQ(files().open(path("none"), OpenMode::read_write).error().code(), ErrorCode::not_found);
    ASSERT_TRUE(files().open(path("x"), OpenMode::create).has_value());
    EXPECT_EQ(files().open(path("x"), OpenMode::create).error().code(), ErrorCode::denied);
    EXPECT_EQ(files().remove(path("none")).error().code(), ErrorCode::not_found);
    EXPECT_EQ(files().list(path("none")).error().code(), ErrorCode::not_found);
}

TEST_P(AnyFileSystem, ListsNamesInOrderAndRenamesOverOthers) {
    for (const auto* const name : {"b", "a", "c"}) {
        auto file = files().open(path(name), OpenMode::create);
        ASSERT_TRUE(file && (*file)->write(0, bytes_of(name)));
    }
    ASSERT_TRUE(files().rename(path("c"), path("a")));
    ASSERT_TRUE(files().sync_folder(folder_));
    EXPECT_EQ(*files().list(folder_), (std::vector<std::string>{"a", "b"}));
    EXPECT_EQ(text_of(*read_file(files(), path("a"), 100)), "c");
}

TEST_P(AnyFileSystem, ReplacesAWholeFile) {
    ASSERT_TRUE(replace_file(files(), path("x"), bytes_of("old")));
    ASSERT_TRUE(replace_file(files(), path("x"), bytes_of("new and longer")));
    EXPECT_EQ(text_of(*read_file(files(), path("x"), 100)), "new and longer");
    EXPECT_EQ(*files().list(folder_), std::vector<std::string>{"x"});
    EXPECT_EQ(read_file(files(), path("x"), 3).error().code(), ErrorCode::invalid_config);
}

TEST(FileSystem, MakesFilesThatOthersCannotRead) {
    const ScratchFolder folder;
    const std::string made = folder / "new/deeper";
    ASSERT_TRUE(real_file_system().make_folder(made));
    ASSERT_TRUE(real_file_system().make_folder(made));
    ASSERT_TRUE(real_file_system().open(made + "/x", OpenMode::create));
    struct stat info{};
    ASSERT_EQ(::stat(made.c_str(), &info), 0);
    EXPECT_EQ(info.st_mode & 0777U, 0700U);
    ASSERT_EQ(::stat((made + "/x").c_str(), &info), 0);
    EXPECT_EQ(info.st_mode & 0777U, 0600U);
}

TEST(FileSystem, SaysThatTheDiskIsFullAndThatItMayPass) {
    const auto file = real_file_system().open("/dev/full", OpenMode::read_write);
    ASSERT_TRUE(file) << file.error().text();
    const auto written = (*file)->write(0, bytes_of("x"));
    ASSERT_FALSE(written);
    EXPECT_EQ(written.error().code(), ErrorCode::unavailable);
    EXPECT_TRUE(written.error().retryable());
    EXPECT_EQ(written.error().where(), "/dev/full");
}

TEST(FileSystem, KeepsTheOldFileWhenReplacingFails) {
    RecordingFileSystem disk;
    FailingFileSystem files(disk);
    ASSERT_TRUE(disk.make_folder("/a"));
    ASSERT_TRUE(replace_file(disk, "/a/x", bytes_of("old")));
    for (std::uint64_t nth = 1;; ++nth) {
        files.set_plan({.nth = nth});
        const auto replaced = replace_file(files, "/a/x", bytes_of("new"));
        files.set_plan({});
        const auto now = text_of(*read_file(disk, "/a/x", 100));
        if (replaced) {
            EXPECT_EQ(now, "new");
            if (files.failures() == 0 && nth > 6) break;
            ASSERT_TRUE(replace_file(disk, "/a/x", bytes_of("old")));
            continue;
        }
        EXPECT_TRUE(now == "old" || now == "new") << now;
        ASSERT_TRUE(replace_file(disk, "/a/x", bytes_of("old")));
    }
}

TEST(Crc32c, IsTheSameByInstructionAndByTable) {
    EXPECT_EQ(crc32c("123456789"), 0xE3069283U);
    std::string text;
    for (int size = 0; size < 300; ++size) {
        EXPECT_EQ(crc32c(text, 17), crc32c_portable(text, 17)) << size;
        text += static_cast<char>(size * 7);
    }
}

TEST(Sha256, StartsAfreshAfterEachDigest) {
    Sha256 hash;
    for (int i = 0; i < 3; ++i) {
        hash.update("abc");
        EXPECT_EQ(hash.finish(), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    }
}

}  // namespace
}  // namespace penstock::base
