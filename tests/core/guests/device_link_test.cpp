#include "core/guests/device_link.hpp"

#include <algorithm>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/core/guests/support/fake_device.hpp"
#include "tests/support/manual_strand.hpp"

namespace penstock::guests {
namespace {

using penstock::testing::ManualStrand;
using test::device_config;
using test::FakeDevice;
using test::RememberingSink;
using test::Step;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

// A device link in virtual time.
struct Plant {
    explicit Plant(DeviceConfig config = device_config(3)) : link(strand, std::move(config), device.factory(), sink) {}
    ~Plant() { stop(); }

    void start_for(Duration duration) {
        link.start();
        strand.run_for(duration);
    }
    void stop() {
        bool has_stopped = false;
        link.stop([&] { has_stopped = true; });
        strand.run_for(3s);
        EXPECT_TRUE(has_stopped);
    }
    // "done", "refused: reason" ..., appended when the answer comes.
    void write(ItemId item, Value value) {
        link.write(item, std::move(value), [this](WriteOutcome outcome) {
            const auto* word = outcome.outcome() == abi::Outcome::done      ? "done"
                               : outcome.outcome() == abi::Outcome::refused ? "refused"
                                                                            : "unknown";
            answers.push_back(word + (outcome.reason().empty() ? std::string() : ": " + outcome.reason()));
        });
    }
    [[nodiscard]] std::size_t times(std::string_view entry) const {
        return static_cast<std::size_t>(std::ranges::count(device.log, entry));
    }

    ManualStrand strand;
    FakeDevice device{strand};
    RememberingSink sink;
    std::vector<std::string> answers;
    DeviceLink link;
};

DeviceConfig two_classes() {
    auto config = device_config(4, 200ms);
    config.scan_classes.push_back({"slow", 1s});
    config.items[1].scan_class = config.items[3].scan_class = 1;
    return config;
}

// --- polling -----------------------------------------------------------------------------------------------------

TEST(DeviceLink, ReadsEverythingOnceTheLinkIsUpAndThenByScanClass) {
    Plant plant(two_classes());
    plant.start_for(10s);
    ASSERT_FALSE(plant.device.read_log.empty());
    EXPECT_THAT(plant.device.read_log.front().due, ElementsAre(0, 1, 2, 3));
    std::size_t fast = 0, all = 0, other = 0;
    for (const auto& read : plant.device.read_log) {
        if (read.due == std::vector<ItemId>{0, 2})
            ++fast;
        else if (read.due == std::vector<ItemId>{0, 1, 2, 3})
            ++all;
        else
            ++other;
    }
    EXPECT_EQ(all, 1U + 10U) << "the slow class coincides with the fast one, in one read";
    EXPECT_EQ(fast, 40U);
    EXPECT_EQ(other, 0U);
    EXPECT_TRUE(plant.sink.is_good(3));
    EXPECT_EQ(plant.link.status().state, "connected");
    EXPECT_EQ(plant.link.status().reads, plant.device.read_log.size());
    EXPECT_EQ(plant.link.status().missed_scans, 0U);
}

TEST(DeviceLink, KeepsToItsGridHoweverLongReadsTake) {
    Plant plant;
    plant.device.default_read = Step::taking(30ms);
    plant.start_for(5s);
    const auto& reads = plant.device.read_log;
    ASSERT_GT(reads.size(), 40U);
    for (std::size_t i = 2; i < reads.size(); ++i) EXPECT_EQ(reads[i].at - reads[i - 1].at, 100ms);
}

TEST(DeviceLink, SkipsAndCountsTicksThatASlowDeviceMakesItMiss) {
    Plant plant;
    plant.device.default_read = Step::taking(350ms);
    plant.start_for(10s);
    EXPECT_NEAR(static_cast<double>(plant.device.read_log.size()), 10'000 / 350, 2);
    EXPECT_NEAR(static_cast<double>(plant.link.status().missed_scans), 100.0 - 10'000.0 / 350, 4);
}

TEST(DeviceLink, DoesALateTickOnce) {
    Plant plant;
    plant.start_for(1s);
    const auto before = plant.device.read_log.size();
    plant.strand.stall_for(1s);
    EXPECT_EQ(plant.device.read_log.size(), before + 1);
    EXPECT_EQ(plant.link.status().missed_scans, 9U);
}

TEST(DeviceLink, ItemsThatTheDriverLeavesOutBecomeBad) {
    Plant plant;
    plant.device.answer = [](std::span<const ItemId>, SampleBatch& out) { out.add(1, std::int64_t{5}); };
    plant.start_for(50ms);
    EXPECT_TRUE(plant.sink.is_good(1));
    ASSERT_NE(plant.sink.last(0), nullptr);
    EXPECT_TRUE(is_bad(status_quality(plant.sink.last(0)->status)));
    EXPECT_THAT(plant.sink.last(2)->cause, HasSubstr("leaves this item out"));
    EXPECT_GT(plant.link.counters().items_left_out, 0U);
}

TEST(DeviceLink, ItemsOutOfOrderAreNotTakenForMissing) {
    Plant plant;
    plant.device.answer = [](std::span<const ItemId> due, SampleBatch& out) {
        for (auto item = due.rbegin(); item != due.rend(); ++item) out.add(*item, std::int64_t{1});
    };
    plant.start_for(1s);
    EXPECT_EQ(plant.link.counters().items_left_out, 0U);
    for (ItemId item = 0; item < 3; ++item) EXPECT_TRUE(plant.sink.is_good(item));
}

TEST(DeviceLink, CutsOffRowsOfItemsThatDoNotExist) {
    Plant plant;
    plant.device.answer = [](std::span<const ItemId> due, SampleBatch& out) {
        for (const auto item : due) out.add(item, std::int64_t{1});
        out.add(77, std::int64_t{1});
        out.add(0xFFFF'FFFF, std::int64_t{1});
    };
    plant.start_for(50ms);
    EXPECT_THAT(plant.sink.rows, SizeIs(3 * plant.device.read_log.size()));
    EXPECT_EQ(plant.link.counters().samples_cut_off, 2U * plant.device.read_log.size());
}

TEST(DeviceLink, DevicesFireAtTimesOfTheirOwn) {
    ManualStrand strand;
    FakeDevice device(strand);
    RememberingSink sink;
    std::vector<std::unique_ptr<DeviceLink>> links;
    for (int i = 0; i < 50; ++i) {
        auto config = device_config(1, 1s);
        config.name = "plc" + std::to_string(i);
        links.push_back(std::make_unique<DeviceLink>(strand, config, device.factory(), sink));
        links.back()->start();
    }
    strand.run_for(3s);
    device.read_log.clear();
    strand.run_for(1s);
    ASSERT_EQ(device.read_log.size(), 50U);
    std::array<int, 10> in_tenth{};
    for (const auto& read : device.read_log) ++in_tenth[static_cast<std::size_t>((to_ns(read.at) / 100'000'000) % 10)];
    EXPECT_LE(*std::ranges::max_element(in_tenth), 15) << "no tenth of the second has many more than its share";
    for (auto& link : links) link->stop([] {});
    strand.run();
}

// --- broken links (RELIABILITY P7 at the level of the link) ---------------------------------------------------------

TEST(DeviceLink, ARefusedConnectionMakesItemsBadWithACauseThatNamesAll) {
    Plant plant;
    plant.device.connects = {Step::failing(ErrorCode::disconnected, "Connection refused")};
    plant.start_for(10ms);
    ASSERT_THAT(plant.sink.bads, SizeIs(1));
    EXPECT_EQ(plant.sink.bads[0].quality, QualityCode::bad_no_communication);
    EXPECT_EQ(plant.sink.bads[0].cause, "device plc1 at 10.0.0.5:502: Connection refused");
    EXPECT_EQ(plant.link.status().state, "waiting");
    EXPECT_EQ(plant.link.status().cause, plant.sink.bads[0].cause);
}

TEST(DeviceLink, ADeviceThatStopsAnsweringIsBadWithinItsTimeoutPlusOnePoll) {
    Plant plant;
    plant.start_for(1s);
    ASSERT_TRUE(plant.sink.is_good(0));
    const auto silent_since = plant.strand.now().monotonic;
    plant.device.default_read = Step::failing(ErrorCode::timeout, "no answer within 1 s", 1s);
    plant.strand.run_for(3s);
    ASSERT_FALSE(plant.sink.bads.empty());
    EXPECT_EQ(plant.sink.bads[0].quality, QualityCode::bad_timeout);
    EXPECT_THAT(plant.sink.bads[0].cause, HasSubstr("no answer within 1 s"));
    EXPECT_LE(plant.sink.bads[0].at.monotonic - silent_since, 1s + 100ms);
    EXPECT_FALSE(plant.sink.is_good(0));
}

TEST(DeviceLink, ACutLinkIsBadAtOnceAndGoodAgainAfterItReturns) {
    Plant plant;
    plant.start_for(1s);
    plant.device.reads = {Step::failing(ErrorCode::disconnected, "connection reset by peer")};
    plant.device.connects.assign(20, Step::failing(ErrorCode::disconnected, "Connection refused"));
    plant.strand.run_for(110ms);
    ASSERT_THAT(plant.sink.bads, SizeIs(1));
    EXPECT_EQ(plant.sink.bads[0].quality, QualityCode::bad_communication);
    plant.strand.run_for(10s);
    EXPECT_FALSE(plant.sink.is_good(0));
    plant.device.connects.clear();
    plant.strand.run_for(2s);
    EXPECT_TRUE(plant.sink.is_good(0)) << "reconnected within 2 s of the link's return";
    EXPECT_EQ(plant.link.status().reconnects, 1U);
}

TEST(DeviceLink, SaysTheSameCauseOnceHoweverManyAttemptsFail) {
    Plant plant;
    plant.device.connects.assign(100, Step::failing(ErrorCode::disconnected, "Connection refused"));
    plant.start_for(20s);
    EXPECT_THAT(plant.sink.bads, SizeIs(1));
    EXPECT_GT(plant.times("connect"), 10U);
}

TEST(DeviceLink, PausesGrowFromMinToMaxAndStartSmallAfterASuccess) {
    auto config = device_config(1);
    config.backoff_min = 200ms;
    config.backoff_max = 5s;
    Plant plant(config);
    plant.device.connects.assign(1000, Step::failing(ErrorCode::disconnected, "refused"));
    plant.start_for(60s);
    const auto attempts = plant.times("connect");
    EXPECT_GE(attempts, 12U);
    EXPECT_LE(attempts, 32U);
    plant.device.connects.clear();
    plant.strand.run_for(6s);
    ASSERT_TRUE(plant.sink.is_good(0));
    plant.device.reads = {Step::failing(ErrorCode::disconnected, "reset")};
    plant.strand.run_for(500ms);
    EXPECT_TRUE(plant.sink.is_good(0)) << "the first pause after a success is short again";
}

TEST(DeviceLink, ReadsTakenBeforeTheLinkBrokeAreNotRepeatedAsGood) {
    Plant plant;
    plant.start_for(1s);
    const auto rows = plant.sink.rows.size();
    plant.device.default_read = Step::failing(ErrorCode::disconnected, "reset");
    plant.strand.run_for(5s);
    EXPECT_EQ(plant.sink.rows.size(), rows);
}

// --- drivers that misbehave ------------------------------------------------------------------------------------------

TEST(DeviceLink, ADriverThatHangsIsBadAtItsDeadlineAndCreatedAnewASecondLater) {
    auto config = device_config(3);
    config.read_deadline = 2s;
    Plant plant(config);
    plant.start_for(1s);
    plant.device.reads = {Step::hanging()};
    const auto rows = plant.sink.rows.size();
    plant.strand.run_for(2200ms);
    ASSERT_THAT(plant.sink.bads, SizeIs(1));
    EXPECT_EQ(plant.sink.bads[0].quality, QualityCode::bad_timeout);
    EXPECT_THAT(plant.sink.bads[0].cause, HasSubstr("has not ended a read within 2 s"));
    EXPECT_EQ(plant.device.births, 1);
    plant.strand.run_for(2s);
    EXPECT_EQ(plant.device.births, 2);
    EXPECT_EQ(plant.device.releases, 1);
    EXPECT_EQ(plant.link.counters().drivers_abandoned, 1U);
    EXPECT_THAT(plant.sink.bads.back().cause, HasSubstr("driver.fake hangs"));
    EXPECT_GT(plant.sink.rows.size(), rows) << "the new one reads";
    EXPECT_TRUE(plant.sink.is_good(0));
}

TEST(DeviceLink, ADriverThatEndsJustAfterItsDeadlineIsKept) {
    auto config = device_config(3);
    config.read_deadline = 2s;
    Plant plant(config);
    plant.device.reads = {Step::taking(2500ms)};
    plant.start_for(5s);
    EXPECT_EQ(plant.device.births, 1);
    EXPECT_EQ(plant.times("connect"), 2U) << "but its link is not trusted any more";
    EXPECT_TRUE(plant.sink.is_good(0));
}

TEST(DeviceLink, ADriverThatCannotBeBornIsTriedAgain) {
    Plant plant;
    plant.device.birth_fault = Error(ErrorCode::invalid_config, "unit 999 is beyond 255", "devices/plc1.json:4:9");
    plant.start_for(3s);
    ASSERT_THAT(plant.sink.bads, SizeIs(1));
    EXPECT_EQ(plant.sink.bads[0].quality, QualityCode::bad_configuration);
    EXPECT_THAT(plant.sink.bads[0].cause, HasSubstr("devices/plc1.json:4:9: unit 999 is beyond 255"));
    plant.device.birth_fault.reset();
    plant.strand.run_for(2s);
    EXPECT_TRUE(plant.sink.is_good(0));
}

TEST(DeviceLink, ADriverThatRefusesItsItemsSaysWhy) {
    Plant plant;
    plant.device.items_fault = "more than 2 items are too many for this device";
    plant.start_for(100ms);
    ASSERT_FALSE(plant.sink.bads.empty());
    EXPECT_EQ(plant.sink.bads[0].quality, QualityCode::bad_configuration);
    EXPECT_THAT(plant.sink.bads[0].cause, HasSubstr("more than 2 items"));
    EXPECT_EQ(plant.times("connect"), 0U);
}

// --- stopping ---------------------------------------------------------------------------------------------------------

TEST(DeviceLink, StopCancelsTheReadUnderWayAndReports) {
    Plant plant;
    plant.device.default_read = Step::taking(5s);
    plant.start_for(1s);
    bool has_stopped = false;
    plant.link.stop([&] { has_stopped = true; });
    plant.strand.run_for(10ms);
    EXPECT_TRUE(has_stopped);
    EXPECT_EQ(plant.device.releases, plant.device.births);
    EXPECT_EQ(plant.link.status().state, "stopped");
    const auto calls = plant.device.log.size();
    plant.strand.run_for(10s);
    EXPECT_EQ(plant.device.log.size(), calls);
}

TEST(DeviceLink, StopGivesAHangingDriverASecond) {
    Plant plant;
    plant.device.reads = {Step::hanging()};
    plant.start_for(1s);
    bool has_stopped = false;
    plant.link.stop([&] { has_stopped = true; });
    plant.strand.run_for(900ms);
    EXPECT_FALSE(has_stopped);
    plant.strand.run_for(200ms);
    EXPECT_TRUE(has_stopped);
    EXPECT_EQ(plant.device.releases, 1);
}

TEST(DeviceLink, StoppingTwiceOrBeforeTheStartIsFine) {
    Plant plant;
    plant.stop();
    plant.stop();
    plant.link.start();
    plant.strand.run_for(1s);
    EXPECT_EQ(plant.device.births, 0);
}

TEST(DeviceLink, StoppingWhileWaitingForTheNextAttemptEndsAtOnce) {
    Plant plant;
    plant.device.connects.assign(100, Step::failing(ErrorCode::disconnected, "refused"));
    plant.start_for(5s);
    bool has_stopped = false;
    plant.link.stop([&] { has_stopped = true; });
    plant.strand.run();
    EXPECT_TRUE(has_stopped);
}

// --- explain ----------------------------------------------------------------------------------------------------------

TEST(DeviceLink, DescribesTheLinkAndTheLastExchangeOfAnItem) {
    Plant plant;
    plant.device.values[2] = 42;
    plant.start_for(1s);
    ItemDescription description;
    plant.link.describe(2, [&](ItemDescription said) { description = std::move(said); });
    plant.strand.run();
    EXPECT_EQ(description.link, "connected");
    EXPECT_EQ(description.last_request, "read item 2");
    EXPECT_EQ(description.last_answer, "42");
}

// --- many devices (RELIABILITY P8) --------------------------------------------------------------------------------------

TEST(DeviceLink, P8_ASlowDeviceDoesNotDisturbTheOthersOnItsThread) {
    for (const auto& slow : {Step::taking(900ms), Step::hanging(), Step::failing(ErrorCode::timeout, "no answer", 1s)}) {
        ManualStrand strand;
        FakeDevice slow_device(strand);
        slow_device.default_read = slow;
        std::deque<FakeDevice> devices;
        std::deque<RememberingSink> sinks(50);
        std::vector<std::unique_ptr<DeviceLink>> links;
        for (std::size_t i = 0; i < 50; ++i) {
            auto config = device_config(10);
            config.name = "plc" + std::to_string(i);
            config.read_deadline = 2s;
            auto& device = i == 0 ? slow_device : devices.emplace_back(strand);
            links.push_back(std::make_unique<DeviceLink>(strand, config, device.factory(), sinks[i]));
            links.back()->start();
        }
        strand.run_for(20s);
        for (std::size_t i = 1; i < 50; ++i) {
            const auto& reads = devices[i - 1].read_log;
            EXPECT_GE(reads.size(), 200U);
            EXPECT_EQ(links[i]->status().missed_scans, 0U);
            for (std::size_t r = 2; r < reads.size(); ++r) ASSERT_EQ(reads[r].at - reads[r - 1].at, 100ms);
        }
        for (auto& link : links) link->stop([] {});
        strand.run_for(2s);
    }
}

}  // namespace
}  // namespace penstock::guests
