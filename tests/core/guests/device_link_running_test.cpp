// Drivers that speak by themselves.

#include <deque>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <penstock/plain_value.hpp>

#include "core/guests/device_link.hpp"
#include "tests/core/guests/support/fake_device.hpp"
#include "tests/support/manual_strand.hpp"

namespace penstock::guests {
namespace {

using penstock::testing::ManualStrand;
using test::device_config;
using test::RememberingSink;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using ::testing::StartsWith;

// A driver whose run() the test plays: it asks for events and notes them.
class RunningDriver final : public DriverInstance,
                            private abi::DriverGuest,
                            private abi::RunningGuest,
                            private abi::Completion {
public:
    explicit RunningDriver(RunningDriver*& current) : current_(current) { current_ = this; }
    ~RunningDriver() override { current_ = nullptr; }

    // What the driver does.
    void ask() { host->next(event, *this); }
    void end(ErrorCode code, std::string_view sentence) {
        if (code != ErrorCode{}) fault_->set(static_cast<std::int32_t>(code), sentence, true);
        host = nullptr;
        abi::IoResult result;
        result.code = static_cast<std::int32_t>(code);
        run_completion_->complete(result);
    }
    void publish(ItemId item, std::int64_t value) {
        SampleBatch batch;
        batch.add(item, value);
        host->publish(batch.columns());
    }
    void finish(std::uint64_t id, abi::Outcome outcome, std::string_view reason = {}) {
        abi::WriteReply reply;
        reply.outcome = outcome;
        reply.reason.set(0, reason, false);
        host->finish_write(id, reply);
    }

    abi::HostLink* host = nullptr;  // while it runs
    abi::LinkEvent event{};
    std::vector<std::string> events;  // "due 0 1", "write 3=7 #1", "cancelled"
    bool asks_again = true;
    bool ends_when_cancelled = true;
    int runs = 0;
    bool was_stopped = false;

    abi::DriverGuest& guest() noexcept override { return *this; }
    void stop_io() noexcept override {}

private:
    void complete(const abi::IoResult& result) noexcept override {
        if (result.code != 0) {
            events.emplace_back("cancelled");
            if (ends_when_cancelled) end(ErrorCode::cancelled, "the host is stopping");
            return;
        }
        if (event.kind == abi::LinkEventKind::poll_due) {
            std::string text = "due";
            for (std::uint32_t i = 0; i < event.item_count; ++i) text += " " + std::to_string(event.items[i]);
            events.push_back(text);
        } else {
            events.push_back("write " + std::to_string(event.write.item) + "=" + value_of(event.write.value)->text() + " #"
                             + std::to_string(event.write_id));
        }
        if (asks_again) ask();
    }
    bool start_run(abi::HostLink& link, abi::Fault& fault, abi::Completion& completion) noexcept override {
        host = &link;
        fault_ = &fault;
        run_completion_ = &completion;
        ++runs;
        return false;
    }
    void stop_run() noexcept override {
        was_stopped = true;
        host = nullptr;
    }
    bool parse(abi::Text, abi::ItemInfo&, abi::Fault&) noexcept override { return true; }
    bool set_items(const abi::ItemAddress*, std::uint32_t, abi::Fault&) noexcept override { return true; }
    abi::PollingGuest* polling() noexcept override { return nullptr; }
    abi::PollingGuest* blocking() noexcept override { return nullptr; }
    abi::RunningGuest* running() noexcept override { return this; }
    abi::BrowseGuest* browse() noexcept override { return nullptr; }
    std::uint32_t last_request(std::uint32_t, char*, std::uint32_t) noexcept override { return 0; }
    std::uint32_t last_answer(std::uint32_t, char*, std::uint32_t) noexcept override { return 0; }
    void abandon() noexcept override {}
    void release() noexcept override {}

    RunningDriver*& current_;
    abi::Fault* fault_ = nullptr;
    abi::Completion* run_completion_ = nullptr;
};

struct Plant {
    Plant()
        : link(
              strand, device_config(2),
              [this]() -> Result<std::unique_ptr<DriverInstance>> { return std::make_unique<RunningDriver>(driver); }, sink) {
        link.start();
        strand.run();
    }
    ~Plant() {
        link.stop([] {});
        strand.run_for(3s);
    }
    void write(ItemId item, Value value) {
        link.write(item, std::move(value), [this](WriteOutcome outcome) {
            answers.push_back(std::to_string(static_cast<int>(outcome.outcome())) + " " + outcome.reason());
        });
        strand.run();
    }

    ManualStrand strand;
    RunningDriver* driver = nullptr;
    RememberingSink sink;
    std::vector<std::string> answers;
    DeviceLink link;
};

TEST(RunningDeviceLink, GivesDueItemsByScanClassToADriverThatAsks) {
    Plant plant;
    plant.driver->ask();
    EXPECT_THAT(plant.driver->events, IsEmpty()) << "never from inside the call";
    plant.strand.run_for(1s);
    EXPECT_THAT(plant.driver->events, SizeIs(11));
    EXPECT_THAT(plant.driver->events, ::testing::Each("due 0 1"));
}

TEST(RunningDeviceLink, CountsTheTicksThatADriverDoesNotAskFor) {
    Plant plant;
    plant.driver->ask();
    plant.strand.run_for(100ms);
    plant.driver->asks_again = false;
    plant.strand.run_for(1s);
    plant.driver->ask();
    plant.strand.run();
    EXPECT_GE(plant.link.status().missed_scans, 7U);
}

TEST(RunningDeviceLink, GivesWritesFirstAndAsksForTheItemAfterwards) {
    Plant plant;
    plant.driver->ask();
    plant.strand.run_for(250ms);
    plant.driver->events.clear();
    plant.write(1, 7);
    EXPECT_THAT(plant.driver->events, ElementsAre("write 1=7 #1"));
    plant.driver->finish(1, abi::Outcome::done);
    plant.strand.run();
    EXPECT_THAT(plant.driver->events, ElementsAre("write 1=7 #1", "due 1"));
    EXPECT_THAT(plant.answers, ElementsAre("0 "));
}

TEST(RunningDeviceLink, PublishesWhatTheDriverSaysAndBadWhenItsLinkIsDown) {
    Plant plant;
    plant.driver->host->link_up();
    EXPECT_EQ(plant.link.status().state, "connected");
    plant.driver->publish(0, 5);
    EXPECT_TRUE(plant.sink.is_good(0));
    abi::Fault fault;
    fault.set(static_cast<std::int32_t>(ErrorCode::timeout), "no heartbeat for 3 s", true);
    plant.driver->host->link_down(fault);
    ASSERT_THAT(plant.sink.bads, SizeIs(1));
    EXPECT_EQ(plant.sink.bads[0].quality, QualityCode::bad_timeout);
    EXPECT_EQ(plant.sink.bads[0].cause, "device plc1 at 10.0.0.5:502: no heartbeat for 3 s");
    plant.strand.run_for(1ms);
    plant.driver->publish(0, 6);
    EXPECT_TRUE(plant.sink.is_good(0));
}

TEST(RunningDeviceLink, RunsAgainAfterAPauseWhenTheRunEnds) {
    Plant plant;
    plant.driver->host->link_up();
    plant.driver->end(ErrorCode::disconnected, "the broker has gone");
    ASSERT_THAT(plant.sink.bads, SizeIs(1));
    EXPECT_EQ(plant.sink.bads[0].quality, QualityCode::bad_communication);
    EXPECT_EQ(plant.driver->runs, 1);
    plant.strand.run_for(1s);
    EXPECT_EQ(plant.driver->runs, 2);
}

TEST(RunningDeviceLink, WritesWithoutAnAnswerAreUnknownWhenTheRunEnds) {
    Plant plant;
    plant.driver->ask();
    plant.strand.run_for(150ms);
    plant.write(0, 1);
    plant.driver->asks_again = false;
    plant.write(0, 2);
    plant.write(0, 3);
    plant.driver->end(ErrorCode::disconnected, "gone");
    plant.strand.run();
    ASSERT_THAT(plant.answers, SizeIs(3));
    EXPECT_THAT(plant.answers[0], StartsWith("2 "));
    EXPECT_THAT(plant.answers[2], HasSubstr("not sent: gone"));
}

TEST(RunningDeviceLink, AWriteThatIsNeverFinishedIsUnknownAtItsDeadline) {
    Plant plant;
    plant.driver->ask();
    plant.strand.run_for(150ms);
    plant.write(0, 1);
    plant.strand.run_for(11s);
    ASSERT_THAT(plant.answers, SizeIs(1));
    EXPECT_THAT(plant.answers[0], StartsWith("2 "));
    plant.driver->finish(1, abi::Outcome::done);
    EXPECT_THAT(plant.answers, SizeIs(1)) << "an answer that comes too late changes nothing";
}

TEST(RunningDeviceLink, StopCancelsTheNextEventAndWaitsForTheRunToEnd) {
    Plant plant;
    plant.driver->ask();
    plant.strand.run_for(150ms);
    bool has_stopped = false;
    plant.link.stop([&] { has_stopped = true; });
    plant.strand.run();
    EXPECT_TRUE(has_stopped);
    EXPECT_EQ(plant.driver, nullptr) << "released";
}

TEST(RunningDeviceLink, StopDropsARunThatDoesNotEnd) {
    Plant plant;
    plant.driver->ends_when_cancelled = false;
    plant.driver->ask();
    plant.strand.run_for(150ms);
    bool has_stopped = false;
    plant.link.stop([&] { has_stopped = true; });
    plant.strand.run_for(900ms);
    EXPECT_FALSE(has_stopped);
    EXPECT_THAT(plant.driver->events.back(), "cancelled");
    plant.strand.run_for(200ms);
    EXPECT_TRUE(has_stopped);
}

}  // namespace
}  // namespace penstock::guests
