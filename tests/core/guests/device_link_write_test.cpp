// Writes: before reads, never repeated, and one of three outcomes wherever the link breaks (RELIABILITY P10).

#include <algorithm>
#include <random>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/guests/device_link.hpp"
#include "tests/core/guests/support/fake_device.hpp"
#include "tests/support/fault_row.hpp"
#include "tests/support/manual_strand.hpp"

namespace penstock::guests {
namespace {

using penstock::testing::ManualStrand;
using test::device_config;
using test::FakeDevice;
using test::RememberingSink;
using test::Step;
using ::testing::Each;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using ::testing::StartsWith;

struct Plant {
    explicit Plant(DeviceConfig config = device_config(8, 10s)) : link(strand, std::move(config), device.factory(), sink) {}
    ~Plant() {
        link.stop([] {});
        strand.run_for(3s);
    }
    void start() {
        link.start();
        strand.run_for(1s);
        device.log.clear();
        device.read_log.clear();
    }
    void write(ItemId item, Value value) {
        link.write(item, std::move(value), [this](WriteOutcome outcome) {
            const auto* word = outcome.outcome() == abi::Outcome::done      ? "done"
                               : outcome.outcome() == abi::Outcome::refused ? "refused"
                                                                            : "unknown";
            answers.push_back(word + (outcome.reason().empty() ? std::string() : ": " + outcome.reason()));
        });
    }

    ManualStrand strand;
    FakeDevice device{strand};
    RememberingSink sink;
    std::vector<std::string> answers;
    DeviceLink link;
};

TEST(DeviceLinkWrite, WritesAtOnceAndReadsTheItemBackBeforeItAnswers) {
    Plant plant;
    plant.start();
    plant.write(3, 77);
    plant.strand.run();
    EXPECT_THAT(plant.device.log, ElementsAre("write 3=77", "read"));
    EXPECT_THAT(plant.device.read_log.at(0).due, ElementsAre(3));
    EXPECT_THAT(plant.answers, ElementsAre("done"));
    ASSERT_NE(plant.sink.last(3), nullptr);
    EXPECT_EQ(plant.sink.last(3)->word, 77U);
    EXPECT_EQ(plant.link.status().writes, 1U);
}

TEST(DeviceLinkWrite, GoesBeforeReadsAndKeepsItsOrder) {
    Plant plant;
    plant.start();
    plant.device.reads = {Step::taking(50ms)};
    while (plant.device.log.empty()) plant.strand.run_for(10ms);  // up to the next tick and its read
    plant.write(5, 1);
    plant.write(4, 2);
    plant.write(5, 3);
    plant.strand.run_for(100ms);
    EXPECT_THAT(plant.device.log, ElementsAre("read", "write 5=1", "write 4=2", "write 5=3", "read"));
    EXPECT_THAT(plant.device.read_log.at(1).due, ElementsAre(4, 5));
    EXPECT_THAT(plant.answers, ElementsAre("done", "done", "done"));
}

TEST(DeviceLinkWrite, AFloodOfWritesDoesNotStopThePolling) {
    Plant plant(device_config(8, 100ms));
    plant.start();
    plant.device.writes.assign(500, Step::taking(10ms));
    for (int i = 0; i < 500; ++i) plant.write(0, i);
    plant.strand.run_for(4s);
    std::size_t full_reads = 0;
    for (const auto& read : plant.device.read_log) full_reads += read.due.size() == 8 ? 1U : 0U;
    EXPECT_GE(full_reads, 20U);
}

TEST(DeviceLinkWrite, ARefusalByTheDeviceIsPassedOnWithItsReason) {
    Plant plant;
    plant.start();
    auto refusal = Step::failing(ErrorCode::denied, "exception 3 (illegal data value)");
    refusal.outcome = abi::Outcome::refused;
    plant.device.writes = {refusal};
    plant.write(1, 5);
    plant.strand.run();
    EXPECT_THAT(plant.answers, ElementsAre("refused: exception 3 (illegal data value)"));
    EXPECT_THAT(plant.device.log, ElementsAre("write 1=5")) << "nothing has changed, nothing is read again";
}

TEST(DeviceLinkWrite, AnUnknownOutcomeIsSaidAndTheItemIsReadAgainButNeverWrittenAgain) {
    Plant plant;
    plant.start();
    plant.device.writes = {Step::failing(ErrorCode::timeout, "no answer within 1 s", 1s)};
    plant.write(1, 5);
    plant.strand.run_for(5s);
    EXPECT_THAT(plant.answers, ElementsAre("unknown: no answer within 1 s"));
    EXPECT_THAT(plant.device.log, ElementsAre("write 1=5", "read"));
    EXPECT_EQ(plant.link.counters().writes_unknown, 1U);
}

TEST(DeviceLinkWrite, IsRefusedWithASentenceWhileThereIsNoLink) {
    Plant plant;
    plant.device.connects.assign(50, Step::failing(ErrorCode::disconnected, "Connection refused"));
    plant.link.start();
    plant.strand.run_for(3s);
    plant.write(1, 5);
    plant.strand.run();
    ASSERT_THAT(plant.answers, SizeIs(1));
    EXPECT_THAT(plant.answers[0], StartsWith("refused: device plc1 at 10.0.0.5:502: not sent"));
}

TEST(DeviceLinkWrite, WaitsForAConnectionThatIsBeingMade) {
    Plant plant;
    plant.device.connects = {Step::taking(500ms)};
    plant.link.start();
    plant.strand.run_for(100ms);
    plant.write(1, 5);
    plant.strand.run_for(300ms);
    EXPECT_THAT(plant.answers, IsEmpty());
    plant.strand.run_for(1s);
    EXPECT_THAT(plant.answers, ElementsAre("done"));
}

TEST(DeviceLinkWrite, BeyondTheQueueIsRefusedWithASentence) {
    auto config = device_config(8, 10s);
    config.max_queued_writes = 10;
    Plant plant(config);
    plant.start();
    plant.device.writes.assign(11, Step::taking(10ms));
    for (int i = 0; i < 11; ++i) plant.write(0, i);
    plant.strand.run();
    EXPECT_THAT(plant.answers,
                ElementsAre("refused: device plc1 at 10.0.0.5:502: not sent: 10 writes wait for the device already"));
    plant.strand.run_for(1s);
    EXPECT_THAT(plant.answers, SizeIs(11));
    plant.answers.clear();
    plant.write(0, 1);
    plant.strand.run_for(1s);
    EXPECT_THAT(plant.answers, ElementsAre("done")) << "there is room again";
}

TEST(DeviceLinkWrite, OfAnotherTypeOrToAnItemThatDoesNotExistIsRefused) {
    Plant plant;
    plant.start();
    plant.write(1, 5.5);
    plant.write(99, 5);
    plant.strand.run();
    ASSERT_THAT(plant.answers, SizeIs(2));
    EXPECT_THAT(plant.answers[0], HasSubstr("the item is of type int, the value of type double"));
    EXPECT_THAT(plant.answers[1], HasSubstr("no such item"));
    EXPECT_THAT(plant.device.log, IsEmpty());
}

TEST(DeviceLinkWrite, ALinkCutDuringAWriteLeavesItUnknownAndTheQueuedOnesNotSent) {
    Plant plant;
    plant.start();
    plant.device.writes = {Step::failing(ErrorCode::disconnected, "connection reset by peer", 50ms)};
    plant.device.default_read = Step::failing(ErrorCode::disconnected, "connection reset by peer");
    plant.write(0, 1);
    plant.write(1, 2);
    plant.write(2, 3);
    plant.strand.run_for(100ms);
    EXPECT_THAT(plant.device.log, ElementsAre("write 0=1", "read", "disconnect"));
    ASSERT_THAT(plant.answers, SizeIs(3));
    EXPECT_THAT(plant.answers[0], HasSubstr("not sent: connection reset by peer"));
    EXPECT_THAT(plant.answers[1], HasSubstr("not sent: connection reset by peer"));
    EXPECT_EQ(plant.answers[2], "unknown: connection reset by peer");
}

TEST(DeviceLinkWrite, AWriteThatBreaksTheLinkIsAnsweredAndTheLinkIsMadeAnew) {
    Plant plant;
    plant.start();
    auto lost = Step::failing(ErrorCode::timeout, "no answer within 1 s");
    lost.is_link_broken = true;
    plant.device.writes = {lost};
    plant.write(1, 5);
    plant.strand.run_for(1s);
    EXPECT_THAT(plant.device.log, ElementsAre("write 1=5", "disconnect", "connect", "read"))
        << "a late answer must meet nobody";
    EXPECT_THAT(plant.answers, ElementsAre("unknown: no answer within 1 s"));
}

TEST(DeviceLinkWrite, AHangingWriteIsUnknownAtItsDeadlineAndNeverRepeated) {
    auto config = device_config(8, 10s);
    config.read_deadline = 2s;
    Plant plant(config);
    plant.start();
    plant.device.writes = {Step::hanging()};
    plant.write(0, 1);
    plant.write(1, 2);
    plant.strand.run_for(2100ms);
    ASSERT_THAT(plant.answers, SizeIs(2));
    EXPECT_THAT(plant.answers[0], StartsWith("refused: device plc1 at 10.0.0.5:502: not sent"));
    EXPECT_THAT(plant.answers[1],
                HasSubstr("unknown: device plc1 at 10.0.0.5:502: the driver has not ended a write within 2 s"));
    plant.strand.run_for(20s);
    EXPECT_EQ(plant.device.births, 2);
    EXPECT_THAT(plant.device.log, ::testing::Contains("write 0=1").Times(1));
    EXPECT_THAT(plant.device.log, ::testing::Not(::testing::Contains("write 1=2")));
    EXPECT_THAT(plant.answers, SizeIs(2));
}

TEST(DeviceLinkWrite, AtStopQueuedOnesAreNotSentAndTheOneUnderWayIsUnknown) {
    Plant plant;
    plant.start();
    plant.device.writes = {Step::taking(5s)};
    plant.write(0, 1);
    plant.strand.run();
    plant.write(1, 2);
    plant.strand.run();
    plant.link.stop([] {});
    plant.strand.run_for(2s);
    ASSERT_THAT(plant.answers, SizeIs(2));
    EXPECT_THAT(plant.answers[0], HasSubstr("refused: device plc1 at 10.0.0.5:502: not sent"));
    EXPECT_THAT(plant.answers[1], StartsWith("unknown"));
    plant.write(2, 3);
    plant.strand.run();
    EXPECT_THAT(plant.answers[2], HasSubstr("not sent: the device is stopped"));
}

// The driver (and with it the link) dies at a random moment: before the write, while it is under way, after it, or while
// the item is read back. 10,000 times.
TEST(DeviceLinkWrite, P10_HasOneOfThreeOutcomesAndIsNeverRepeatedWhereverTheDriverDies) {
    std::mt19937 random(7);
    std::size_t done = 0, refused = 0, unknown = 0;
    for (int round = 0; round < 10'000; ++round) {
        auto config = device_config(2, 50ms);
        config.read_deadline = 200ms;
        ManualStrand strand;
        FakeDevice device(strand);
        RememberingSink sink;
        DeviceLink link(strand, config, device.factory(), sink);
        const auto moment = [&] { return Duration(std::chrono::microseconds(random() % 60'000)); };
        const auto step = [&](bool may_hang) {
            switch (random() % 4) {
                case 0: return Step::failing(ErrorCode::disconnected, "cut", moment());
                case 1: return may_hang ? Step::hanging() : Step::taking(moment());
                default: return Step::taking(moment());
            }
        };
        for (int i = 0; i < 3; ++i) {
            device.connects.push_back(step(false));
            device.reads.push_back(step(true));
            device.writes.push_back(step(true));
        }
        int answers = 0;
        auto outcome = abi::Outcome::done;
        link.start();
        strand.run_for(moment());
        link.write(1, Value(round), [&](const WriteOutcome& said) {
            ++answers;
            outcome = said.outcome();
        });
        strand.run_for(moment());
        bool has_stopped = false;
        if (random() % 2 == 0) link.stop([&] { has_stopped = true; });
        strand.run_for(2s);
        if (!has_stopped) link.stop([&] { has_stopped = true; });
        strand.run_for(2s);
        const auto sent = std::ranges::count(device.log, "write 1=" + std::to_string(round));
        ASSERT_TRUE(has_stopped);
        ASSERT_EQ(answers, 1) << "round " << round;
        ASSERT_LE(sent, 1) << "never repeated, round " << round;
        if (outcome == abi::Outcome::done) ASSERT_EQ(device.values[1], round);
        if (outcome == abi::Outcome::refused) ASSERT_EQ(sent, 0) << "what was sent is never called not sent";
        (outcome == abi::Outcome::done ? done : outcome == abi::Outcome::refused ? refused : unknown) += 1;
        ASSERT_EQ(device.releases, device.births);
    }
    EXPECT_GT(done, 1000U);
    EXPECT_GT(refused, 100U);
    EXPECT_GT(unknown, 1000U);
    penstock::testing::report_row("P10", done + refused + unknown, "writes whose driver died, each with one outcome");
}

}  // namespace
}  // namespace penstock::guests
