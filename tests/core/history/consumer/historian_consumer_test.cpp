#include "core/history/historian_consumer.hpp"

#include <atomic>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/journal/lane_reader.hpp"
#include "core/journal/lost_record.hpp"
#include "tests/core/history/consumer/plant_memory.hpp"

namespace penstock::history_test {
namespace {

using history::ConsumerState;
using ::testing::HasSubstr;

class Anything final : public SampleSink {
public:
    bool take(const SampleView& /*samples*/) override { return true; }
};

class HistorianConsumer : public ::testing::Test {
protected:
    [[nodiscard]] bool stores(std::uint64_t position) {
        return plant_.run_until(*consumer_, [&] { return consumer_->persisted() >= position; });
    }
    void begin(history::ConsumerOptions options = PlantMemory::fast()) {
        consumer_ = plant_.consumer(disk_, options);
        consumer_->start();
    }

    PlantMemory plant_;
    std::shared_ptr<MemoryDisk> disk_ = std::make_shared<MemoryDisk>();
    std::unique_ptr<history::HistorianConsumer> consumer_;
};

TEST_F(HistorianConsumer, BringsEverySampleIntoTheHistorianOnceAndInOrder) {
    begin();
    for (int i = 0; i < 20; ++i) {
        plant_.append(25);
        consumer_->wake();
    }
    ASSERT_TRUE(stores(500));
    plant_.expect_all_stored(*disk_);
}

TEST_F(HistorianConsumer, HandsOverWhatManyRecordsHoldAsOneBatch) {
    plant_.append(2000);  // 10 rows each
    begin();
    ASSERT_TRUE(stores(2000));
    EXPECT_LE(consumer_->status().batches, 25U) << "of about 1,000 rows";
    plant_.expect_all_stored(*disk_);
}

TEST_F(HistorianConsumer, WaitsForWhatIsNotDurable) {
    plant_.append(10);
    plant_.append_record();
    begin();
    ASSERT_TRUE(stores(10));
    EXPECT_FALSE(consumer_->flush(10ms) && consumer_->persisted() > 10);
    EXPECT_EQ(PlantMemory::stored(*disk_, 1).size(), 10U);
    plant_.commit();
    ASSERT_TRUE(stores(11));
    plant_.expect_all_stored(*disk_);
}

TEST_F(HistorianConsumer, StoresOnlyTheSeriesOfItsHistorian) {
    const history::WantedSeries one({{.id = 3, .name = "third", .unit = "", .type = ValueType::uint64}});
    auto options = PlantMemory::fast();
    options.folder = plant_.folder / "historian";
    history::HistorianConsumer consumer(*plant_.lane, one, plant_.factory(disk_), options, plant_.clock);
    consumer.start();
    plant_.append(50);
    ASSERT_TRUE(plant_.run_until(consumer, [&] { return consumer.persisted() == 50; }));
    EXPECT_EQ(PlantMemory::stored(*disk_, 3).size(), 50U);
    EXPECT_TRUE(PlantMemory::stored(*disk_, 2).empty());
}

TEST_F(HistorianConsumer, StoresWithinTheTimeItPromisesThoughLittleComes) {
    auto options = PlantMemory::fast();
    options.store_within = 60s;
    begin(options);
    plant_.append(1);
    ASSERT_TRUE(plant_.run_until(*consumer_, [&] { return consumer_->status().appended == 1; }, 20ms));
    plant_.clock.advance(55s);
    consumer_->wake();
    EXPECT_EQ(consumer_->persisted(), 0U);
    plant_.clock.advance(6s);
    consumer_->wake();
    EXPECT_TRUE(eventually([&] { return consumer_->persisted() == 1; }));
    EXPECT_EQ(to_ns(consumer_->status().persisted_until), plant_.appended(1).back().time);
}

TEST_F(HistorianConsumer, StoresEarlierWhenMuchComes) {
    auto options = PlantMemory::fast();
    options.store_within = 24h;
    options.store_bytes = 5'000 * 20;
    plant_.append(2'000);
    begin(options);
    EXPECT_TRUE(eventually([&] { return consumer_->persisted() >= 1'500; }));
}

TEST_F(HistorianConsumer, GoesOnWhereTheLastOneStopped) {
    begin();
    plant_.append(100);
    ASSERT_TRUE(consumer_->flush(10s));
    EXPECT_TRUE(consumer_->stop(10s));
    plant_.append(100);
    begin();
    ASSERT_TRUE(stores(200));
    plant_.expect_all_stored(*disk_);
    EXPECT_EQ(disk_->births(), 2U);
}

TEST_F(HistorianConsumer, StoresWhatIsDurableWhenItStops) {
    auto options = PlantMemory::fast();
    options.store_within = 1h;
    begin(options);
    plant_.append(300);
    EXPECT_TRUE(consumer_->stop(10s));
    EXPECT_EQ(disk_->state()->position, 300U);
    plant_.expect_all_stored(*disk_);
    EXPECT_TRUE(consumer_->stop(10s)) << "twice is fine";
}

TEST_F(HistorianConsumer, TellsWhatItStands) {
    plant_.append(10);
    begin();
    ASSERT_TRUE(stores(10));
    ASSERT_TRUE(plant_.run_until(*consumer_, [&] { return consumer_->status().samples == 100; }));
    const auto status = consumer_->status();
    EXPECT_EQ(status.state, ConsumerState::storing);
    EXPECT_EQ(status.samples_appended, 100U);
    EXPECT_EQ(status.lag_bytes, 0U);
    const auto info = history::to_info("historian.memory", status);
    EXPECT_EQ(info.position, 10U);
    EXPECT_EQ(info.lag_records, 0U);
    EXPECT_EQ(info.bytes_per_value, 24);
    EXPECT_EQ(to_ns(info.until), plant_.appended(1).back().time);
}

TEST_F(HistorianConsumer, OpensReadersOfWhatIsStored) {
    begin();
    plant_.append(10);
    ASSERT_TRUE(consumer_->flush(10s));
    auto reader = consumer_->open_reader(10s);
    ASSERT_TRUE(reader) << reader.error().text();
    EXPECT_EQ((*reader)->position(), 10U);
    plant_.append(10);
    ASSERT_TRUE(consumer_->flush(10s));
    EXPECT_EQ((*reader)->position(), 10U) << "a reader sees one state";
    const auto next = consumer_->open_reader(10s);
    ASSERT_TRUE(next);
    EXPECT_EQ((*next)->position(), 20U);
}

TEST_F(HistorianConsumer, RefusesAReaderBeforeItHasStarted) {
    consumer_ = plant_.consumer(disk_);
    const auto reader = consumer_->open_reader(10s);
    ASSERT_FALSE(reader);
    EXPECT_EQ(reader.error().code(), ErrorCode::unavailable);
}

TEST_F(HistorianConsumer, TriesAgainAfterAPauseWhenTheHistorianDoesNotOpen) {
    disk_->fail_opens(3);
    plant_.append(10);
    begin();
    ASSERT_TRUE(eventually([&] { return consumer_->status().state == ConsumerState::failed; }));
    EXPECT_THAT(consumer_->status().sentence, HasSubstr("the memory is not there"));
    const auto reader = consumer_->open_reader(10s);
    ASSERT_FALSE(reader);
    EXPECT_THAT(reader.error().text(), HasSubstr("the memory is not there"));
    ASSERT_TRUE(stores(10));
    EXPECT_EQ(disk_->births(), 4U);
    EXPECT_EQ(consumer_->status().failures, 3U);
    EXPECT_EQ(plant_.count_events("historian.failed"), 1U) << "told once, not at every attempt";
    EXPECT_TRUE(plant_.run_until(*consumer_, [&] { return plant_.count_events("historian.ready") == 1; }));
    plant_.expect_all_stored(*disk_);
}

TEST_F(HistorianConsumer, ReadersOfAFailedHistorianSayThatItIsGone) {
    begin();
    plant_.append(10);
    ASSERT_TRUE(consumer_->flush(10s));
    auto reader = consumer_->open_reader(10s);
    ASSERT_TRUE(reader);
    disk_->fail_next_flush(false);
    plant_.append(10);
    ASSERT_TRUE(plant_.run_until(*consumer_, [&] { return consumer_->status().failures == 1; }));
    Anything sink;
    const auto read = (*reader)->read({.series = 1, .from = 0, .to = INT64_MAX}, sink);
    ASSERT_FALSE(read);
    EXPECT_EQ(read.error().code(), ErrorCode::unavailable);
    EXPECT_EQ(disk_->births(), 1U) << "not before the last reader is gone";
    *reader = {};
    ASSERT_TRUE(stores(20));
    plant_.expect_all_stored(*disk_);
}

TEST_F(HistorianConsumer, RefusesAStoreThatBelongsToAnotherJournal) {
    begin();
    plant_.append(10);
    ASSERT_TRUE(consumer_->flush(10s));
    consumer_.reset();
    PlantMemory other;
    other.append(5);
    const auto consumer = other.consumer(disk_);
    consumer->start();
    ASSERT_TRUE(eventually([&] { return consumer->status().state == ConsumerState::failed; }));
    EXPECT_THAT(consumer->status().sentence, HasSubstr("belongs to another journal"));
}

TEST_F(HistorianConsumer, MakesAGapOfRecordsThatTheJournalNoLongerHas) {
    begin();
    plant_.append(10);
    ASSERT_TRUE(consumer_->flush(10s));
    ASSERT_TRUE(consumer_->stop(10s));
    plant_.append(2'000);  // several segments
    ASSERT_TRUE(plant_.lane->trim(1'900));
    const auto first = plant_.lane->first();
    ASSERT_GT(first, 10U);
    begin();
    ASSERT_TRUE(stores(2'010));

    const auto rows = PlantMemory::stored(*disk_, 4);
    ASSERT_EQ(rows.size(), 10 + 1 + (2'010 - first));
    EXPECT_TRUE(rows[10].is_bad);
    EXPECT_EQ(rows[10].word, 0U);
    EXPECT_FALSE(rows[10].cause.empty());
    EXPECT_GT(rows[10].time, rows[9].time);
    EXPECT_LT(rows[10].time, rows[11].time);
    EXPECT_EQ(rows[11].word, 4'000'000U + first);
    EXPECT_EQ(plant_.count_events("history.gap"), 1U);
    EXPECT_EQ(consumer_->status().gaps, 1U);
}

// What stood still meanwhile is not in any record behind the gap.
TEST_F(HistorianConsumer, TellsUntilWhenRecordsWereLostToIt) {
    begin();
    plant_.append(10);
    ASSERT_TRUE(consumer_->flush(10s));
    ASSERT_TRUE(consumer_->stop(10s));
    plant_.append(2'000);
    ASSERT_TRUE(plant_.lane->trim(1'900));
    journal::Record first;
    ASSERT_TRUE(plant_.lane->reader(plant_.lane->first())->next(first).value_or(false));
    std::atomic<std::int64_t> until{0};
    auto options = PlantMemory::fast();
    options.on_gap = [&](UtcTime at) { until = to_ns(at); };
    begin(options);
    ASSERT_TRUE(stores(2'010));
    EXPECT_EQ(until, to_ns(first.time.utc));
}

TEST_F(HistorianConsumer, MakesAGapOfARecordThatMakesNoSense) {
    begin();
    plant_.append(5);
    const std::string rubbish(100, '\x5A');
    ASSERT_TRUE(plant_.lane->append(journal::RecordType::values, std::as_bytes(std::span(rubbish)), plant_.clock.now()));
    plant_.append(5);
    ASSERT_TRUE(stores(11));
    const auto rows = PlantMemory::stored(*disk_, 1);
    ASSERT_EQ(rows.size(), 11U);
    EXPECT_TRUE(rows[5].is_bad);
    EXPECT_THAT(rows[5].cause, HasSubstr("damaged"));
    EXPECT_EQ(plant_.count_events("history.gap"), 1U);
    EXPECT_EQ(plant_.balance(*disk_).lost, 0U);
}

TEST_F(HistorianConsumer, FollowsTheJournalThroughRecordsOfOtherKinds) {
    begin();
    plant_.append(5);
    ASSERT_TRUE(plant_.lane->append(journal::RecordType::alive, {}, plant_.clock.now()));
    plant_.append(5);
    const auto lost =
        journal::encode(journal::LostRecord{.records = 3, .bytes = 100, .first = {}, .last = {}, .cause = "the disk is full"});
    ASSERT_TRUE(plant_.lane->append(journal::RecordType::lost, lost, plant_.clock.now()));
    plant_.commit();
    ASSERT_TRUE(stores(12));
    plant_.expect_all_stored(*disk_);  // the gaps of lost samples are the archiver's
    EXPECT_EQ(plant_.count_events("history.gap"), 0U);
}

}  // namespace
}  // namespace penstock::history_test
