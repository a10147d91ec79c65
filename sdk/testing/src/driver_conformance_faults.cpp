// Connecting, and faults while reading.
#include "driver_conformance_parts.hpp"

namespace penstock::testing {

using namespace std::chrono_literals;

void detail::link_faults_tests() {}

// A driver without a link has none of these tests.
GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(DriverLinkConformance);

TEST_P(DriverLinkConformance, SaysWhereNobodyListens) {
    network_->set_faults({.refuse = true});
    const auto result = rig_->connect();
    ASSERT_TRUE(result.has_ended && !result.ok());
    EXPECT_TRUE(is_sentence(result.sentence())) << result.sentence();
    EXPECT_EQ(result.fault.retryable, 1);
    expect_recovery();
}

TEST_P(DriverLinkConformance, GivesUpWhereAConnectionGetsNoAnswer) {
    network_->set_faults({.black_hole = true});
    const auto result = rig_->connect();
    ASSERT_TRUE(result.has_ended) << "connect() waited longer than the kit's patience";
    EXPECT_EQ(result.fault.code, static_cast<std::int32_t>(ErrorCode::timeout)) << result.sentence();
    expect_recovery();
}

TEST_P(DriverConformance, ConnectsAgainAsOftenAsItHasTo) {
    for (int round = 0; round < 20; ++round) {
        const auto connected = rig_->connect();
        ASSERT_TRUE(connected.ok()) << connected.sentence();
        expect_everything_reads_well();
        rig_->disconnect();
        rig_->disconnect();  // twice is fine
        EXPECT_EQ(rig_->io().open_handles(), 0U);
    }
}

TEST_P(DriverConformance, ReadsRepliesThatComeByteByByte) {
    begin_connected();
    network_->set_faults({.split = 1});
    expect_everything_reads_well();
}

TEST_P(DriverLinkConformance, GivesUpOnASilentDevice) {
    begin_connected();
    network_->set_faults({.swallow_requests = true});
    EXPECT_FALSE(read_is_honest());
    expect_recovery();
}

TEST_P(DriverLinkConformance, GivesUpOnADeviceThatTakesNoBytes) {
    begin_connected();
    network_->set_faults({.stall_writes = true});
    EXPECT_FALSE(read_is_honest());
    expect_recovery();
}

TEST_P(DriverLinkConformance, IsHonestWhenTheLinkBreaksAtAnyByteOfTheReplies) {
    begin_connected();
    network_->set_faults({});
    expect_everything_reads_well();
    const auto replies = network_->reply_bytes();
    ASSERT_GT(replies, 0U) << "the driver read without a reply";
    for (std::size_t bytes = 0; bytes < replies; ++bytes) {
        SCOPED_TRACE("cut after " + std::to_string(bytes) + " bytes of replies");
        begin_connected();
        network_->set_faults({.cut_reply_after = bytes});
        EXPECT_FALSE(read_is_honest());
        expect_recovery();
        if (HasFatalFailure()) return;
    }
}

TEST_P(DriverLinkConformance, IsHonestWhenTheLinkBreaksAtAnyByteOfTheRequests) {
    begin_connected();
    network_->set_faults({});
    expect_everything_reads_well();
    const auto requests = network_->request_bytes();
    for (std::size_t bytes = 0; bytes < requests; ++bytes) {
        SCOPED_TRACE("cut after " + std::to_string(bytes) + " bytes of requests");
        begin_connected();
        network_->set_faults({.cut_request_after = bytes});
        EXPECT_FALSE(read_is_honest());
        expect_recovery();
        if (HasFatalFailure()) return;
    }
}

TEST_P(DriverLinkConformance, NeverTakesRubbishForAValue) {
    for (std::size_t kind = 0; kind < kRubbishKinds; ++kind) {
        SCOPED_TRACE("rubbish of kind " + std::to_string(kind));
        begin_connected();
        auto* const network = network_.get();
        network->set_faults(
            {.garble_reply = [kind, network](std::string reply) { return rubbish(kind, reply.size(), *network); }});
        read_is_honest();
        expect_recovery();
        if (HasFatalFailure()) return;
    }
}

// A driver whose protocol numbers its requests may keep the link; one whose protocol does not has to throw, and the link is replaced.
TEST_P(DriverLinkConformance, DoesNotTakeALateReplyForTheNextOne) {
    for (const auto delay : {Duration(500ms), Duration(1500ms), Duration(5s), Duration(29s)}) {
        begin_connected();
        network_->set_faults({.reply_delay = delay});
        read_or_reconnect();
        network_->set_faults({});
        for (int poll = 0; poll < 35; ++poll) {
            read_or_reconnect();
            network_->run_for(1s);
        }
        expect_recovery();
        if (HasFatalFailure()) return;
    }
}

TEST_P(DriverLinkConformance, NoticesThatTheDeviceWasRestarted) {
    begin_connected();
    expect_everything_reads_well();
    network_->cut_all();
    EXPECT_FALSE(read_is_honest());
    expect_recovery();
}

}  // namespace penstock::testing
