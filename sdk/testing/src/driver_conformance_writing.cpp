// Faults while writing.
#include "driver_conformance_parts.hpp"

namespace penstock::testing {

using namespace std::chrono_literals;

void detail::link_writing_tests() {}

TEST_P(DriverLinkConformance, NeverReportsAWriteAsDoneThatWasCutOff) {
    ItemId id = 0;
    const auto* const item = writable_item(id);
    if (item == nullptr) GTEST_SKIP() << "the driver only reads";
    begin_connected();
    network_->set_faults({});
    ASSERT_EQ(rig_->write(id, *item->written).outcome, abi::Outcome::done);
    const auto requests = network_->request_bytes();
    const auto replies = network_->reply_bytes();
    for (std::size_t bytes = 0; bytes <= requests; ++bytes) {
        SCOPED_TRACE("cut after " + std::to_string(bytes) + " of " + std::to_string(requests) + " bytes of the request");
        begin_connected();
        network_->set_faults({.cut_request_after = bytes});
        const auto result = rig_->write(id, *item->written);
        EXPECT_TRUE(result.has_ended);
        EXPECT_NE(result.outcome, abi::Outcome::done);
        EXPECT_TRUE(is_sentence(result.sentence())) << result.sentence();
        if (bytes == requests) {
            EXPECT_EQ(result.outcome, abi::Outcome::unknown) << "all of the request had left";
        }
    }
    for (std::size_t bytes = 0; bytes < replies; ++bytes) {
        SCOPED_TRACE("cut after " + std::to_string(bytes) + " of " + std::to_string(replies) + " bytes of the reply");
        begin_connected();
        network_->set_faults({.cut_reply_after = bytes});
        const auto result = rig_->write(id, *item->written);
        EXPECT_EQ(result.outcome, abi::Outcome::unknown);
        EXPECT_EQ(network_->connects(), 0U) << "a write is never repeated by itself";
        EXPECT_EQ(network_->request_bytes(), requests) << "a write is never repeated by itself";
    }
}

TEST_P(DriverLinkConformance, DoesNotKnowWhatBecameOfAWriteWithoutAnAnswer) {
    ItemId id = 0;
    const auto* const item = writable_item(id);
    if (item == nullptr) GTEST_SKIP() << "the driver only reads";
    begin_connected();
    network_->set_faults({});
    ASSERT_EQ(rig_->write(id, *item->written).outcome, abi::Outcome::done);
    const auto requests = network_->request_bytes();
    begin_connected();
    network_->set_faults({.reply_delay = 24h});
    const auto result = rig_->write(id, *item->written);
    EXPECT_TRUE(result.has_ended) << "write() waited longer than the kit's patience";
    EXPECT_EQ(result.outcome, abi::Outcome::unknown);
    EXPECT_EQ(network_->request_bytes(), requests) << "a write is never repeated by itself";
}

TEST_P(DriverLinkConformance, DoesNotTakeALateConfirmationForAValue) {
    ItemId id = 0;
    const auto* const item = writable_item(id);
    if (item == nullptr) GTEST_SKIP() << "the driver only reads";
    for (const auto delay : {Duration(1500ms), Duration(5s), Duration(29s)}) {
        begin_connected();
        network_->set_faults({.reply_delay = delay});
        const auto result = rig_->write(id, *item->written);
        network_->set_faults({});
        expected_[id] = std::nullopt;  // it may have taken effect or not
        if (result.is_link_broken) reconnect();
        for (int poll = 0; poll < 35; ++poll) {
            read_or_reconnect();
            network_->run_for(1s);
        }
    }
}

TEST_P(DriverLinkConformance, NeverTakesRubbishForAConfirmation) {
    ItemId id = 0;
    const auto* const item = writable_item(id);
    if (item == nullptr) GTEST_SKIP() << "the driver only reads";
    for (std::size_t kind = 0; kind < kRubbishKinds; ++kind) {
        begin_connected();
        auto* const network = network_.get();
        network->set_faults(
            {.garble_reply = [kind, network](std::string reply) { return rubbish(kind, reply.size(), *network); }});
        EXPECT_NE(rig_->write(id, *item->written).outcome, abi::Outcome::done) << "rubbish of kind " << kind;
    }
}

}  // namespace penstock::testing
