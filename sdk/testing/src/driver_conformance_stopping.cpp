// Stopping.
#include "driver_conformance_parts.hpp"

namespace penstock::testing {

using namespace std::chrono_literals;

void detail::link_stopping_tests() {}

TEST_P(DriverConformance, CanBeAbandonedAtEveryWait) {
    ItemId id = 0;
    const auto* const item = writable_item(id);
    for (std::size_t steps = 0;; ++steps) {
        begin();
        std::size_t left = steps;
        const auto advance = [&] {
            while (!rig_->has_ended() && left > 0 && network_->step()) --left;
        };
        rig_->start_connect();
        advance();
        if (rig_->has_ended()) {
            rig_->start_read();
            advance();
        }
        if (rig_->has_ended() && item != nullptr) {
            rig_->start_write(id, *item->written);
            advance();
        }
        const bool is_over = rig_->has_ended();
        const auto open_before = rig_->io().open_handles();
        rig_->guest().abandon();
        EXPECT_EQ(rig_->io().pending_waits(), 0U) << "a wait outlived its coroutine, after " << steps << " events";
        EXPECT_LE(rig_->io().open_handles(), open_before);
        if (is_over) break;
        ASSERT_LT(steps, 100'000U);
    }
}

TEST_P(DriverLinkConformance, RecoversWhenACallIsDroppedAtAnyWait) {
    for (std::size_t steps = 0;; ++steps) {
        begin_connected();
        rig_->start_read();
        for (std::size_t i = 0; i < steps && !rig_->has_ended(); ++i) ASSERT_TRUE(network_->step());
        const bool is_over = rig_->has_ended();
        rig_->disconnect();
        EXPECT_EQ(rig_->io().pending_waits(), 0U);
        EXPECT_EQ(rig_->io().open_handles(), 0U);
        expect_recovery();
        if (is_over || HasFatalFailure()) return;
        ASSERT_LT(steps, 100'000U);
    }
}

TEST_P(DriverLinkConformance, EndsWhenTheHostStops) {
    begin_connected();
    network_->set_faults({.swallow_requests = true});
    rig_->start_read();
    ASSERT_FALSE(rig_->has_ended()) << "the read did not wait for the device";
    rig_->io().stop();
    const auto started = rig_->io().started_waits();
    network_->run_for(1s);
    // Either it has passed the cancellation on, or it waits in a wait that the host has parked. What it must not do is spin.
    EXPECT_LE(rig_->io().started_waits() - started, 10U) << "the driver swallows `cancelled` and goes on";
    rig_->abandon();
}

}  // namespace penstock::testing
