#include "core/server/journal_watch.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/core/journal/lane_fixture.hpp"
#include "tests/support/failing_file_system.hpp"
#include "tests/support/recording_file_system.hpp"

namespace penstock::server {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::SizeIs;

class JournalWatchTest : public ::testing::Test {
protected:
    JournalWatchTest() { disk_.set_recording(false); }

    // One event of so many bytes, and a commit that may fail.
    void append(std::size_t bytes) {
        (void)lane_->append(journal::RecordType::event, journal::bytes_of(std::string(bytes, 'x')), journal::time_of(0));
        (void)lane_->commit();
    }
    void fill_up() {
        disk_.set_capacity(0);
        for (int i = 0; i < 10; ++i) append(30'000);
    }

    testing::RecordingFileSystem disk_;
    testing::FailingFileSystem files_{disk_};
    std::unique_ptr<journal::Lane> lane_ =
        journal::open_lane(files_, journal::small_lane("/values", journal::LaneKind::values));
    std::vector<std::string> told_;
    std::vector<std::string> failures_;
    JournalWatch watch_{{lane_.get()},
                        [this](const Event& event) {
                            EXPECT_EQ(event.kind, EventKind::journal_failing);
                            EXPECT_EQ(event.object, "values");
                            told_.push_back(event.sentence());
                        },
                        [this](const std::string& why) { failures_.push_back(why); }};
};

TEST_F(JournalWatchTest, SaysNothingOfAJournalThatIsWell) {
    append(10);
    for (int i = 0; i < 10; ++i) watch_.look();
    EXPECT_THAT(told_, SizeIs(0));
}

TEST_F(JournalWatchTest, TellsOnceThatTheDiskIsFullAndThatItIsOver) {
    fill_up();
    for (int i = 0; i < 5; ++i) watch_.look();
    EXPECT_THAT(told_, ElementsAre(HasSubstr("the disk of the journal is full: ")));
    disk_.set_capacity(~std::uint64_t{0});
    ASSERT_TRUE(lane_->prepare());
    ASSERT_TRUE(lane_->commit());
    for (int i = 0; i < 5; ++i) watch_.look();
    EXPECT_THAT(told_, ElementsAre(HasSubstr("full"), "the journal is whole again"));
    EXPECT_THAT(failures_, SizeIs(0));
}

TEST_F(JournalWatchTest, TellsOfASyncThatFailed) {
    append(10);
    files_.set_plan({.nth = 1, .touches = static_cast<std::uint16_t>(testing::FileCall::sync)});
    append(10);
    for (int i = 0; i < 5; ++i) watch_.look();
    EXPECT_THAT(told_, ElementsAre(HasSubstr("a sync failed")));
    EXPECT_THAT(failures_, SizeIs(0));
}

TEST_F(JournalWatchTest, TellsOnceThatALaneHasFailedForGood) {
    append(10);
    files_.set_plan({.nth = 1, .for_good = true, .touches = static_cast<std::uint16_t>(testing::FileCall::write)});
    append(10);
    for (int i = 0; i < 5; ++i) watch_.look();
    EXPECT_THAT(told_, ElementsAre(HasSubstr("takes nothing more")));
    EXPECT_THAT(failures_, ElementsAre(HasSubstr("takes nothing more")));
}

}  // namespace
}  // namespace penstock::server
