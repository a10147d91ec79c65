// A copy is made in pieces while the historian goes on: it is one state of the archive, and what is spoilt in it is found.

#include <memory>
#include <string>

#include <gtest/gtest.h>

#include "store/page_seal.hpp"
#include "store/verify.hpp"
#include "tests/plugins/historians/sqlite/story.hpp"
#include "tests/support/recording_file_system.hpp"
#include "tests/support/sqlite_disk.hpp"

namespace penstock::sqlite {
namespace {

using penstock::testing::Contents;
using penstock::testing::RecordingFileSystem;
using penstock::testing::SqliteDisk;
using testing::kRecordsPerStep;
using testing::kStoryFolder;
using testing::Story;

constexpr const char* kCopy = "/copy";
const std::string kCopyFile = "/copy/archive.db";

class Copy : public ::testing::Test {
protected:
    Copy() {
        EXPECT_TRUE(files_.make_folder(kStoryFolder) && files_.make_folder(kCopy));
        files_.set_recording(false);
        historian_ = Story::open(kStoryFolder, {.piece = {}});  // the shortest pieces there are
        while (step_ < 100) go_on();
    }
    void go_on() {
        story_.append(*historian_, step_);
        if (step_ % 2 == 1) historian_->flush();
        if (step_ % 3 == 2) (void)historian_->tidy(Story::time_after(step_));
        ++step_;
    }
    std::vector<std::string> faults_of_the_copy() {
        Database database(kCopyFile, Access::read);
        return verify_archive(database);
    }

    Story story_{200};
    RecordingFileSystem files_;
    SqliteDisk disk_{files_};
    std::unique_ptr<SqliteHistorian> historian_;
    std::size_t step_ = 0;
};

TEST_F(Copy, IsOneStateOfAnArchiveThatGoesOn) {
    const auto begin = historian_->persisted();
    int pieces = 1;
    for (; historian_->back_up(kCopy); ++pieces) go_on();
    EXPECT_GT(pieces, 3) << "nothing went on meanwhile";
    const auto end = historian_->persisted();
    EXPECT_EQ(story_.fault_of(*historian_), "");
    EXPECT_EQ(faults_of_the_copy(), std::vector<std::string>());
    const auto copy = Story::open(kCopy);
    EXPECT_GE(copy->persisted(), begin);
    EXPECT_LE(copy->persisted(), end);
    EXPECT_EQ(story_.fault_of(*copy), "");
    for (auto step = copy->persisted() / kRecordsPerStep; step < story_.steps(); ++step) story_.append(*copy, step);
    copy->flush();
    EXPECT_EQ(copy->persisted(), story_.end()) << "a plant goes on with its copy";
    EXPECT_EQ(story_.fault_of(*copy), "");
}

TEST_F(Copy, BeginsAnewInAnotherFolder) {
    ASSERT_TRUE(files_.make_folder("/other"));
    ASSERT_TRUE(historian_->back_up("/other"));
    while (historian_->back_up(kCopy)) go_on();
    EXPECT_EQ(story_.fault_of(*Story::open(kCopy)), "");
}

TEST_F(Copy, TellsOfAnyByteThatIsChanged) {
    while (historian_->back_up(kCopy)) {
    }
    const auto whole = files_.files().at(kCopyFile);
    // One in each page, at another place each time, and both ends.
    for (std::size_t page = 0; page < whole.size() / kPageBytes; ++page) {
        const auto place = page * kPageBytes + page * 7919 % kPageBytes;
        auto spoilt = whole;
        spoilt[place] ^= std::byte{1};
        files_.set_file(kCopyFile, spoilt);
        bool is_told = false;
        try {
            is_told = !faults_of_the_copy().empty();
        } catch (const std::exception&) {
            is_told = true;  // it does not even open
        }
        EXPECT_TRUE(is_told) << "byte " << place;
    }
}

}  // namespace
}  // namespace penstock::sqlite
