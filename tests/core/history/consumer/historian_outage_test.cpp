// Row D11 of the fault catalogue: a historian that is frozen, slow, or dies in the middle of a batch.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <random>

#include "core/history/historian_consumer.hpp"
#include "core/history/journal_keeper.hpp"
#include "tests/core/history/consumer/plant_memory.hpp"
#include "tests/support/fault_row.hpp"

namespace penstock::history_test {
namespace {

using history::ConsumerState;
using penstock::testing::report_row;

using penstock::testing::is_nightly;

TEST(HistorianOutage, D11_FrozenForTenMinutesLosesNothingAndCatchesUpFast) {
    const std::uint32_t tags = is_nightly() ? 300 : 60;
    constexpr std::uint64_t kRecords = 6'000;  // ten minutes, ten a second
    PlantMemory plant(tags, 1024 * 1024);
    const auto disk = std::make_shared<MemoryDisk>();
    auto options = PlantMemory::fast();
    options.batch_rows = 65'536;
    const auto consumer = plant.consumer(disk, options);
    history::JournalKeeper keeper(*plant.lane);
    consumer->start();
    plant.append(10);
    ASSERT_TRUE(plant.run_until(*consumer, [&] { return consumer->persisted() == 10; }));

    disk->freeze();
    plant.append(1);
    ASSERT_TRUE(plant.run_until(*consumer, [&] { return disk->is_frozen(); }));
    for (std::uint64_t i = 0; i < kRecords; ++i) {
        plant.append_record();
        if (i % 10 != 9) continue;
        plant.commit();
        consumer->wake();
        consumer->check();
        const std::vector<history::ConsumerPosition> positions{{"historian.memory", consumer->persisted(), {}}};
        ASSERT_TRUE(keeper.keep(positions, UINT64_MAX, plant.clock.now()));
    }
    // The live path went on as if nothing were: all is durable, and nothing of it was confirmed or deleted.
    EXPECT_EQ(plant.lane->durable(), 11 + kRecords);
    EXPECT_EQ(consumer->persisted(), 10U);
    EXPECT_LE(plant.lane->first(), 10U);
    EXPECT_EQ(consumer->status().state, ConsumerState::silent);
    EXPECT_EQ(plant.count_events("historian.behind"), 1U);
    const auto begun = std::chrono::steady_clock::now();
    const auto reader = consumer->open_reader(20ms);
    ASSERT_FALSE(reader);
    EXPECT_EQ(reader.error().code(), ErrorCode::unavailable);
    EXPECT_LT(std::chrono::steady_clock::now() - begun, 5s) << "who asks a frozen historian waits no longer than he wants";

    const auto thawed = std::chrono::steady_clock::now();
    disk->thaw();
    ASSERT_TRUE(plant.run_until(*consumer, [&] { return consumer->persisted() == 11 + kRecords; }));
    const auto seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - thawed).count();
    plant.expect_all_stored(*disk);
    const auto rate = static_cast<double>(kRecords * tags) / seconds;
    EXPECT_GE(rate, 5.0 * 10 * tags) << "samples a second, live: " << 10 * tags;
    EXPECT_TRUE(plant.run_until(*consumer, [&] { return plant.count_events("historian.ready") == 1; }));
    report_row("D11", kRecords * tags, "samples of a historian frozen for 10 minutes, none lost or doubled");
    std::printf("caught up at %.0f samples/s, %.0f times the live rate\n", rate, rate / (10 * tags));
}

TEST(HistorianOutage, D11_TenTimesSlowerIsOnlyBehind) {
    PlantMemory plant(20, 1024 * 1024);
    const auto disk = std::make_shared<MemoryDisk>();
    const auto consumer = plant.consumer(disk);
    consumer->start();
    disk->slow_down(30ms);
    constexpr std::uint64_t kRecords = 3'000;
    std::uint64_t most_behind = 0;
    for (std::uint64_t i = 0; i < kRecords / 10; ++i) {
        plant.append(10);
        consumer->wake();
        most_behind = std::max(most_behind, plant.lane->durable() - consumer->persisted());
    }
    EXPECT_GT(most_behind, 100U) << "the lane did not wait for the historian";
    ASSERT_TRUE(plant.run_until(*consumer, [&] { return consumer->persisted() == kRecords; }));
    plant.expect_all_stored(*disk);
    report_row("D11", kRecords * 20, "samples of a slow historian, none lost or doubled");
}

enum class TrimRule { persisted, at_once };

// Deaths in the middle of batches and around commits, with a journal that is trimmed behind the historian.
PlantMemory::Balance run_deaths(TrimRule rule, int rounds, std::uint64_t& deaths, bool& is_in_order) {
    PlantMemory plant(100);
    const auto disk = std::make_shared<MemoryDisk>();
    auto options = PlantMemory::fast();
    options.backoff_least = options.backoff_most = 50ms;
    const auto consumer = plant.consumer(disk, options);
    history::JournalKeeper keeper(*plant.lane);
    const auto trim = [&] {
        const auto done = rule == TrimRule::persisted ? consumer->persisted() : plant.lane->durable();
        const std::vector<history::ConsumerPosition> positions{{"historian.memory", done, {}}};
        EXPECT_TRUE(keeper.keep(positions, UINT64_MAX, plant.clock.now()));
    };
    consumer->start();
    std::mt19937_64 random(11);
    for (int round = 0; round < rounds; ++round) {
        const auto failures = consumer->status().failures;  // before: the next may come at once
        if (round % 3 == 0) disk->fail_appends_at(1 + random() % 5'000);
        if (round % 3 == 1) disk->fail_next_flush(false);
        if (round % 3 == 2) disk->fail_next_flush(true);
        for (int i = 0; i < 6; ++i) {
            plant.append(10);
            consumer->wake();
            trim();
        }
        if (rule == TrimRule::at_once) continue;  // there may be nothing left to die of
        EXPECT_TRUE(plant.run_until(*consumer,
                                    [&] {
                                        trim();
                                        return consumer->status().failures > failures;
                                    }))
            << "in round " << round;
    }
    const auto end = plant.lane->durable();
    EXPECT_TRUE(plant.run_until(*consumer, [&] { return consumer->persisted() == end; }));
    deaths = consumer->status().failures;
    is_in_order = true;
    for (SeriesId id = 1; id <= 100; ++id) is_in_order = is_in_order && PlantMemory::stored(*disk, id) == plant.appended(id);
    EXPECT_GT(plant.lane->first(), 0U) << "nothing was trimmed: the test shows nothing";
    return plant.balance(*disk);
}

TEST(HistorianOutage, D11_DyingInTheMiddleOfABatchLosesAndDoublesNothing) {
    std::uint64_t deaths = 0;
    bool is_in_order = false;
    const auto balance = run_deaths(TrimRule::persisted, is_nightly() ? 1000 : 60, deaths, is_in_order);
    EXPECT_EQ(balance.lost, 0U);
    EXPECT_EQ(balance.doubled, 0U);
    EXPECT_TRUE(is_in_order);
    report_row("D11", deaths, "deaths of a historian in the middle of a batch or around a commit");
}

// The control: the journal waits for no confirmation.
TEST(HistorianOutage, D11_DeletingBeforeItIsConfirmedLosesSamples) {
    std::uint64_t deaths = 0;
    bool is_in_order = true;
    const auto balance = run_deaths(TrimRule::at_once, 30, deaths, is_in_order);
    EXPECT_GT(balance.lost, 0U) << "the test above would not notice that samples are deleted before they are stored";
}

TEST(HistorianOutage, ALongOutageLosesItsOldestRangeAndSaysSo) {
    PlantMemory plant(10);
    const auto disk = std::make_shared<MemoryDisk>();
    const auto consumer = plant.consumer(disk);
    consumer->start();
    plant.append(10);
    ASSERT_TRUE(plant.run_until(*consumer, [&] { return consumer->persisted() == 10; }));
    disk->freeze();
    plant.append(1);
    ASSERT_TRUE(plant.run_until(*consumer, [&] { return disk->is_frozen(); }));
    history::JournalKeeper keeper(*plant.lane);
    std::vector<std::string> given_up;
    for (int i = 0; i < 400; ++i) {
        plant.append(10);
        const std::vector<history::ConsumerPosition> positions{{"historian.memory", consumer->persisted(), {.age = 200s}}};
        const auto kept = keeper.keep(positions, UINT64_MAX, plant.clock.now());
        ASSERT_TRUE(kept);
        given_up.insert(given_up.end(), kept->given_up.begin(), kept->given_up.end());
    }
    EXPECT_EQ(given_up, std::vector<std::string>{"historian.memory"}) << "told once";
    const auto first = plant.lane->first();
    ASSERT_GT(first, 11U);
    disk->thaw();
    const auto end = plant.lane->durable();
    ASSERT_TRUE(plant.run_until(*consumer, [&] { return consumer->persisted() == end; }));
    // What the historian had in hand when it froze is stored; then the gap; then what the journal kept.
    const auto rows = PlantMemory::stored(*disk, 2);
    const auto bad = std::ranges::find(rows, true, &PlantMemory::Stored::is_bad);
    ASSERT_NE(bad, rows.end());
    EXPECT_EQ(std::ranges::count(rows, true, &PlantMemory::Stored::is_bad), 1);
    EXPECT_EQ(std::next(bad)->word, 2'000'000 + first);
    EXPECT_EQ(plant.count_events("history.gap"), 1U);
    EXPECT_EQ(plant.balance(*disk).doubled, 0U);
}

TEST(HistorianOutage, StopsInTimeThoughTheHistorianIsFrozen) {
    const auto disk = std::make_shared<MemoryDisk>();
    {
        PlantMemory plant;
        const auto consumer = plant.consumer(disk);
        consumer->start();
        plant.append(10);
        ASSERT_TRUE(plant.run_until(*consumer, [&] { return consumer->persisted() == 10; }));
        disk->freeze();
        plant.append(5);
        ASSERT_TRUE(plant.run_until(*consumer, [&] { return disk->is_frozen(); }));
        const auto begun = std::chrono::steady_clock::now();
        EXPECT_FALSE(consumer->stop(200ms));
        EXPECT_LT(std::chrono::steady_clock::now() - begun, 5s);
        EXPECT_FALSE(consumer->open_reader(1s));
    }
    // The thread that was left behind wakes up in a world without lane, clock and consumer, and goes.
    disk->thaw();
    EXPECT_TRUE(eventually([&] { return !disk->is_frozen() && disk.use_count() == 1; }));
}

}  // namespace
}  // namespace penstock::history_test
