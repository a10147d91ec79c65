// What sessions ask of the memory while a long job reads all of it.
#include <filesystem>
#include <future>
#include <thread>

#include <gtest/gtest.h>

#include "tests/core/server/loaded_plant.hpp"
#include "tests/support/temp_folder.hpp"

namespace penstock::server::testing {
namespace {

class MemoryServicesTest : public ::testing::Test {
protected:
    MemoryServicesTest() {
        write_counter_site(folder.path() / "site", 3);
        plant = std::make_unique<LoadedPlant>(folder.path() / "data", folder.path() / "site", 3);
    }
    // Occupies the worker of long jobs with the reply of a backup, until it is let go.
    void occupy() {
        BackupRequest request;
        request.file = (folder.path() / "plant.backup").string();
        plant->services().backup({1, "anna"}, request, [this](Result<BackupReply> reply) {
            EXPECT_TRUE(reply) << reply.error().text();
            busy.set_value();
            go_on.get_future().wait();
        });
        busy.get_future().wait();
    }

    penstock::testing::TempFolder folder;
    std::promise<void> busy, go_on;  // the worker may still be about to look at them when the test is over
    std::unique_ptr<LoadedPlant> plant;
};

TEST_F(MemoryServicesTest, TheJournalsStateIsToldBesideABackupAndNotOnTheAskersThread) {
    occupy();
    std::promise<std::thread::id> answered;
    plant->services().journal({1, "anna"}, {}, [&](Result<JournalReply> reply) {
        EXPECT_TRUE(reply);
        EXPECT_EQ(reply->lanes.size(), 2U);
        answered.set_value(std::this_thread::get_id());
    });
    auto thread = answered.get_future();
    EXPECT_EQ(thread.wait_for(std::chrono::seconds(30)), std::future_status::ready) << "it waits for the backup";
    go_on.set_value();
    EXPECT_NE(thread.get(), std::this_thread::get_id()) << "it reads the disk on the session's strand";
}

TEST_F(MemoryServicesTest, ASecondLongJobIsRefusedInWords) {
    occupy();
    const auto second = back_up(plant->services(), folder.path() / "second.backup");
    const auto verified = journal_of(plant->services(), true);
    go_on.set_value();
    ASSERT_FALSE(second);
    EXPECT_EQ(second.error().code(), ErrorCode::unavailable);
    EXPECT_TRUE(second.error().retryable());
    EXPECT_NE(second.error().text().find("under way"), std::string::npos) << second.error().text();
    EXPECT_FALSE(verified);
}

TEST_F(MemoryServicesTest, AfterTheStopEveryoneIsAnswered) {
    plant->memory().stop();
    EXPECT_FALSE(journal_of(plant->services(), false));
    EXPECT_FALSE(back_up(plant->services(), folder.path() / "late.backup"));
    EXPECT_FALSE(std::filesystem::exists(folder.path() / "late.backup"));
}

}  // namespace
}  // namespace penstock::server::testing
