#include "core/history/journal_keeper.hpp"

#include <gtest/gtest.h>

#include "core/history/historians.hpp"
#include "tests/core/history/consumer/plant_memory.hpp"

namespace penstock::history_test {
namespace {

using history::BufferLimits;
using history::ConsumerPosition;

class JournalKeeper : public ::testing::Test {
protected:
    void keep(const std::vector<ConsumerPosition>& consumers, journal::Position snapshot = UINT64_MAX) {
        const auto kept = keeper_.keep(consumers, snapshot, plant_.clock.now());
        ASSERT_TRUE(kept) << kept.error().text();
        kept_ = *kept;
    }
    PlantMemory plant_{100};
    history::JournalKeeper keeper_{*plant_.lane};
    history::JournalKeeper::Kept kept_;
};

TEST_F(JournalKeeper, KeepsWhatTheSlowestConsumerHasNotPersisted) {
    plant_.append(1'000);
    keep({{"fast", 1'000, {}}, {"slow", 300, {}}});
    EXPECT_EQ(kept_.trimmed_to, 300U);
    EXPECT_GT(plant_.lane->first(), 0U);
    EXPECT_LE(plant_.lane->first(), 300U);
}

TEST_F(JournalKeeper, KeepsWhatTheSnapshotNeeds) {
    plant_.append(1'000);
    keep({{"fast", 1'000, {}}}, 250);
    EXPECT_EQ(kept_.trimmed_to, 250U);
    EXPECT_LE(plant_.lane->first(), 250U);
}

TEST_F(JournalKeeper, KeepsEverythingForOneThatWasNeverThere) {
    plant_.append(1'000);
    keep({{"fast", 1'000, {}}, {"starting", 0, {}, false}});
    EXPECT_EQ(plant_.lane->first(), 0U);
    EXPECT_TRUE(kept_.given_up.empty());
}

TEST_F(JournalKeeper, DropsWhatIsConfirmedWhenNobodyElseReads) {
    plant_.append(1'000);
    keep({});
    EXPECT_GT(plant_.lane->first(), 500U);
}

TEST_F(JournalKeeper, GivesUpTheOldestOfAConsumerBeyondItsAge) {
    const ConsumerPosition away{"away", 0, {.age = 60s}};
    for (int i = 0; i < 40; ++i) {
        plant_.append(50);  // five seconds
        keep({away});
        if (i < 10) EXPECT_EQ(plant_.lane->first(), 0U) << i;
    }
    // 200 s were written, 60 s are kept, and what is kept is younger.
    EXPECT_GT(plant_.lane->first(), 1'000U);
    EXPECT_LE(plant_.lane->first(), 1'450U);
}

TEST_F(JournalKeeper, GivesUpTheOldestOfAConsumerBeyondItsBytes) {
    plant_.append(2'000);
    const auto all = plant_.lane->status().bytes;
    keep({{"away", 0, {.bytes = all / 2}}});
    EXPECT_GT(plant_.lane->first(), 500U);
    EXPECT_LE(plant_.lane->first(), 1'100U);
    EXPECT_EQ(kept_.given_up, std::vector<std::string>{"away"});
    keep({{"away", 0, {.bytes = all / 2}}});
    EXPECT_TRUE(kept_.given_up.empty()) << "told once";
}

TEST_F(JournalKeeper, SaysHowLongAnOutageTheJournalCovers) {
    EXPECT_EQ(keeper_.covers({"c", 0, {}}), Duration{}) << "nothing is known yet";
    for (int i = 0; i < 12; ++i) {
        plant_.append(50);
        keep({});
    }
    ASSERT_GT(keeper_.bytes_per_s(), 0);
    const auto limit = static_cast<std::uint64_t>(keeper_.bytes_per_s() * 3600);
    const auto durable = plant_.lane->durable();
    const auto covered = std::chrono::duration<double>(keeper_.covers({"c", durable, {.bytes = limit}})).count();
    EXPECT_NEAR(covered, 3600, 10);
    EXPECT_EQ(keeper_.covers({"c", durable, {.age = 10min, .bytes = limit}}), 10min);
    EXPECT_LT(keeper_.covers({"c", plant_.lane->first(), {.bytes = limit}}), keeper_.covers({"c", durable, {.bytes = limit}}));
}

class Historians : public ::testing::Test {
protected:
    history::HistorianConsumer& add(history::Historians& historians, const std::string& name,
                                    std::shared_ptr<MemoryDisk> disk) {
        auto options = PlantMemory::fast();
        options.name = name;
        options.folder = plant_.folder / name;
        return historians.add(plant_.wanted(), plant_.factory(std::move(disk)), options);
    }
    PlantMemory plant_{100};
    std::shared_ptr<MemoryDisk> first_ = std::make_shared<MemoryDisk>(), second_ = std::make_shared<MemoryDisk>();
};

TEST_F(Historians, OneThatIsFrozenDelaysNoOther) {
    history::Historians historians(*plant_.lane, plant_.clock);
    auto& one = add(historians, "historian.one", first_);
    auto& two = add(historians, "historian.two", second_);
    EXPECT_EQ(historians.find(""), &one);
    EXPECT_EQ(historians.find("historian.two"), &two);
    EXPECT_EQ(historians.find("historian.three"), nullptr);
    historians.start();
    second_->freeze();
    plant_.append(1'000);
    ASSERT_TRUE(plant_.run_until(one, [&] { return one.persisted() == 1'000; }));
    ASSERT_TRUE(plant_.run_until(two, [&] { return second_->is_frozen(); }));
    historians.look_after();
    EXPECT_EQ(plant_.lane->first(), 0U) << "the other still needs it";
    plant_.expect_all_stored(*first_);
    second_->thaw();
    ASSERT_TRUE(plant_.run_until(two, [&] { return two.persisted() == 1'000; }));
    plant_.expect_all_stored(*second_);
    historians.look_after();
    EXPECT_EQ(plant_.lane->first(), 0U) << "a query may just have found the position that both had a moment ago";
    for (int i = 0; i < 3; ++i) {
        plant_.clock.advance(30s);
        historians.look_after();
    }
    EXPECT_GT(plant_.lane->first(), 0U);
    const auto status = historians.status();
    ASSERT_EQ(status.size(), 2U);
    EXPECT_EQ(status[1].name, "historian.two");
    EXPECT_EQ(status[1].position, 1'000U);
    EXPECT_TRUE(historians.stop(10s).empty());
}

TEST_F(Historians, NamesThoseThatDidNotComeBack) {
    history::Historians historians(*plant_.lane, plant_.clock);
    add(historians, "historian.one", first_);
    auto& two = add(historians, "historian.two", second_);
    historians.start();
    second_->freeze();
    plant_.append(100);
    ASSERT_TRUE(plant_.run_until(two, [&] { return second_->is_frozen(); }));
    EXPECT_EQ(historians.stop(300ms), std::vector<std::string>{"historian.two"});
    EXPECT_EQ(first_->state()->position, 100U);
    second_->thaw();
    EXPECT_TRUE(eventually([&] { return second_.use_count() == 2; })) << "the factory has one";
}

}  // namespace
}  // namespace penstock::history_test
