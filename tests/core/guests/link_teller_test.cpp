#include "core/guests/link_teller.hpp"

#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "core/guests/device_link.hpp"
#include "tests/core/guests/support/fake_device.hpp"
#include "tests/support/manual_strand.hpp"

namespace penstock::guests {
namespace {

using Told = std::vector<std::string>;

class LinkTellerTest : public ::testing::Test {
protected:
    void note(bool is_up, std::string_view why = {}) { teller.note(is_up, why, now); }
    Told told;
    LinkTeller teller{[this](bool is_up, const std::string& why) { told.push_back(is_up ? "up" : why); }};
    MonotonicTime now = monotonic_from_ns(1'000'000'000);
};

TEST_F(LinkTellerTest, TellsEachChangeOnceAndWhyItBegan) {
    note(true);
    note(true);
    note(false, "no answer");
    note(false, "connection refused");
    note(true);
    EXPECT_EQ(told, (Told{"up", "no answer", "up"}));
}

TEST_F(LinkTellerTest, TellsThatItNeverCameUp) {
    note(false, "connection refused");
    EXPECT_EQ(told, (Told{"connection refused"}));
}

TEST_F(LinkTellerTest, OfALinkThatFlapsTheEndIsTold) {
    for (int i = 0; i < 500; ++i) {
        note(i % 2 == 0, "no answer");
        now += 20ms;
    }
    EXPECT_EQ(told.size(), LinkTeller::kMost);
    note(true);
    now += LinkTeller::kWindow;
    teller.look(now);
    EXPECT_EQ(told.back(), "up");
    const auto size = told.size();
    now += LinkTeller::kWindow;
    teller.look(now);
    EXPECT_EQ(told.size(), size) << "and only once";
}

// A device link in virtual time that is told of.
class ToldDeviceLink : public ::testing::Test {
protected:
    void run_for(Duration duration, std::size_t items = 3) {
        auto config = test::device_config(items);
        config.on_link = [this](bool is_up, const std::string& why) { told.push_back(is_up ? "up" : why); };
        DeviceLink link(strand, std::move(config), device.factory(), sink);
        link.start();
        strand.run_for(duration);
        bool has_stopped = false;
        link.stop([&] { has_stopped = true; });
        strand.run_for(3s);
        EXPECT_TRUE(has_stopped);
    }
    penstock::testing::ManualStrand strand;
    test::FakeDevice device{strand};
    test::RememberingSink sink;
    Told told;
};

TEST_F(ToldDeviceLink, IsUpOnceItWasReadAndItsStopIsNoLoss) {
    run_for(5s);
    EXPECT_EQ(told, Told{"up"});
}

TEST_F(ToldDeviceLink, IsLostAndBack) {
    device.reads = {test::Step{}, test::Step{}, test::Step::failing(ErrorCode::timeout, "no answer")};
    device.connects = {test::Step{}, test::Step::failing(ErrorCode::disconnected, "connection refused")};
    run_for(20s);
    EXPECT_EQ(told, (Told{"up", "no answer", "up"}));
}

TEST_F(ToldDeviceLink, AGatewayThatTakesConnectionsForADeadDeviceIsLostOnce) {
    device.default_read = test::Step::failing(ErrorCode::timeout, "no answer");
    run_for(60s);
    EXPECT_EQ(told, Told{"no answer"});
}

TEST_F(ToldDeviceLink, WithNothingToReadAConnectionCounts) {
    run_for(5s, 0);
    EXPECT_EQ(told, Told{"up"});
}

}  // namespace
}  // namespace penstock::guests
