// What is kept of a tag, by its archiving rule.
#include "core/history/archiver.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/core/history/archive_plant.hpp"

namespace penstock::history_test {
namespace {

TEST(Archiver, KeepsEveryChangeUnderItsSourceTime) {
    ArchivePlant plant({{.rule = on_change()}});
    plant.sample(0, 1);
    plant.sample(10, 2);
    plant.gather(50);
    plant.sample(60, 3);
    plant.gather(100);
    EXPECT_EQ(plant.shown(), "0=1, 10=2, 60=3");
}

TEST(Archiver, MakesOneRecordOfAllSamplesOfAGather) {
    ArchivePlant plant({{.rule = on_change()}, {.rule = on_change()}});
    for (tags::TagId i = 0; i < 100; ++i) plant.sample(i, i, i % 2);
    plant.gather(100);
    plant.gather(110);
    EXPECT_THAT(plant.read().rows, ::testing::ElementsAre(100));
}

TEST(Archiver, LeavesOutChangesBelowTheDeadband) {
    ArchivePlant plant({{.rule = on_change(0.5)}});
    double value = 10;
    for (int i = 0; i < 12; ++i, value += 0.125) plant.sample(i * 10, value);
    plant.gather(200);
    EXPECT_EQ(plant.shown(), "0=10, 40=10.5, 80=11") << "counted from the last kept value, and exactly the deadband is kept";
}

TEST(Archiver, NaNIsAChangeFromEveryNumberAndBack) {
    ArchivePlant plant({{.rule = on_change(0.5)}});
    plant.sample(0, 1);
    plant.sample(10, std::nan(""));
    plant.sample(20, 1);
    plant.gather(50);
    EXPECT_EQ(plant.shown(), "0=1, 10=NaN, 20=1");
}

TEST(Archiver, KeepsTheNewestChangeAtTheEndOfTheLeastInterval) {
    ArchivePlant plant({{.rule = on_change(0, 100ms)}});
    plant.sample(0, 1);
    plant.sample(10, 2);
    plant.sample(90, 3);
    plant.gather(95);
    EXPECT_EQ(plant.shown(), "0=1");
    plant.gather(199);
    EXPECT_EQ(plant.shown(), "0=1") << "a sample of the interval may still be on its way";
    plant.gather(200);
    EXPECT_EQ(plant.shown(), "0=1, 90=3");
    plant.sample(150, 4);
    plant.sample(210, 5);
    plant.gather(300);
    EXPECT_EQ(plant.shown(), "0=1, 90=3, 150=4") << "the next interval began where the last one ended";
    plant.gather(400);
    EXPECT_EQ(plant.shown(), "0=1, 90=3, 150=4, 210=5");
}

TEST(Archiver, KeepsNothingAtTheEndOfAnIntervalIfTheValueCameBack) {
    ArchivePlant plant({{.rule = on_change(0, 100ms)}});
    plant.sample(0, 1);
    plant.sample(10, 2);
    plant.sample(20, 1);
    plant.gather(500);
    plant.sample(600, 3);
    plant.gather(600);
    EXPECT_EQ(plant.shown(), "0=1, 600=3");
}

TEST(Archiver, RepeatsAnUnchangedValueAfterTheLongestInterval) {
    ArchivePlant plant({{.rule = on_change(0.5, {}, 1s)}});
    for (int i = 0; i <= 30; ++i) plant.sample(i * 100, 7);
    plant.gather(3'100);
    EXPECT_EQ(plant.shown(), "0=7, 1000=7, 2000=7, 3000=7");
}

TEST(Archiver, KeepsTheNewestSampleOfEachCycle) {
    ArchivePlant plant({{.rule = cyclic(1s)}});
    for (int i = 0; i < 35; ++i) plant.sample(50 + i * 100, i);
    plant.gather(3'500);
    EXPECT_EQ(plant.shown(), "50=0, 950=9, 1950=19, 2950=29");
    plant.gather(4'250);
    EXPECT_EQ(plant.shown(), "50=0, 950=9, 1950=19, 2950=29, 3450=34") << "the cycle is over, and nothing came after it";
    plant.gather(9'000);
    EXPECT_EQ(plant.shown(), "50=0, 950=9, 1950=19, 2950=29, 3450=34") << "no sample, nothing kept";
}

TEST(Archiver, KeepsEverySampleOfACycleOfAMillisecond) {
    ArchivePlant plant({{.rule = cyclic(1ms)}});
    for (int i = 0; i < 5; ++i) plant.sample(i, 7);
    plant.sample(4, 8);
    plant.gather(10);
    EXPECT_EQ(plant.shown(), "0=7, 1=7, 2=7, 3=7, 4=7, 4=8");
}

TEST(Archiver, AlwaysKeepsAChangeOfQuality) {
    for (const auto& rule : {on_change(100, 10s), cyclic(10s), on_change(100)}) {
        ArchivePlant plant({{.rule = rule}});
        plant.sample(0, 1);
        plant.sample(10, 1, 0, QualityCode::uncertain);
        plant.sample(20, 1, 0, QualityCode::uncertain, "the sensor ages");
        plant.sample(30, 1);
        plant.gather(50);
        EXPECT_EQ(plant.shown(), "0=1, 10=1?, 20=1?, 30=1");
    }
}

TEST(Archiver, KeepsWhatWaitedBeforeAChangeOfQuality) {
    for (const auto& rule : {on_change(0, 10s), cyclic(10s)}) {
        ArchivePlant plant({{.rule = rule}});
        plant.sample(0, 1);
        plant.sample(10, 2);
        plant.bad(20, "no answer");
        plant.bad(30, "no answer");
        plant.sample(40, 2);
        plant.gather(50);
        EXPECT_EQ(plant.shown(), "0=1, 10=2, 20=bad no answer, 40=2") << "equal bad samples are not repeated";
    }
}

TEST(Archiver, TextsWaitWithTheirBytes) {
    ArchivePlant plant({{.type = ValueType::string, .rule = on_change(0, 100ms)},
                        {.type = ValueType::string, .rule = cyclic(1s)},
                        {.type = ValueType::string, .rule = on_change({}, {}, 1s)}});
    for (const tags::TagId tag : {0U, 1U, 2U}) {
        plant.text(0, "filling", tag);
        plant.text(10, "stirring", tag);
        plant.text(20, "", tag);
        plant.text(30, "emptying", tag);
        plant.text(40, "emptying", tag);
    }
    plant.gather(50);
    plant.gather(2'000);
    EXPECT_EQ(plant.shown(0), "0=filling, 30=emptying");
    EXPECT_EQ(plant.shown(1), "0=filling, 40=emptying");
    EXPECT_EQ(plant.shown(2), "0=filling, 10=stirring, 20=, 30=emptying");
}

TEST(Archiver, LateSamplesAreKeptUnderTheirTime) {
    ArchivePlant plant({{.rule = on_change()}, {.rule = cyclic(1s)}, {.rule = on_change(0, 100ms)}});
    for (const tags::TagId tag : {0U, 1U, 2U}) {
        plant.sample(5'000, 1, tag);
        plant.sample(2'000, 2, tag);
        plant.sample(6'000, 3, tag);
    }
    plant.gather(10'000);
    for (const tags::TagId tag : {0U, 1U, 2U}) EXPECT_EQ(plant.shown(tag), "5000=1, 2000=2, 6000=3") << tag;
}

TEST(Archiver, FinishKeepsWhatWaits) {
    ArchivePlant plant({{.rule = on_change(0, 1h)}, {.rule = cyclic(24h)}});
    for (const tags::TagId tag : {0U, 1U}) {
        plant.sample(0, 1, tag);
        plant.sample(10, 2, tag);
    }
    plant.archiver->finish(ArchivePlant::at(20));
    EXPECT_EQ(plant.shown(0), "0=1, 10=2");
    EXPECT_EQ(plant.shown(1), "0=1, 10=2");
}

TEST(Archiver, ComesBackAtOnceForWhatItHasLeft) {
    ArchivePlant plant({{.rule = on_change()}}, 64 * 1024 * 1024, 64);
    for (std::int64_t block = 0; block < 30; ++block) {
        plant.cycle(block, [&] {
            for (std::int64_t i = 0; i < engine::CaptureBlock::kRows; ++i)
                plant.add_ns(0, kStart + block * 100 * kMs + i * 1'000, word_of(static_cast<double>(i)));
        });
    }
    const auto all = plant.capture.samples();
    EXPECT_EQ(plant.archiver->gather(ArchivePlant::at(50)), Duration::zero());
    EXPECT_LT(plant.archiver->status().captured, all);
    EXPECT_GT(plant.archiver->gather(ArchivePlant::at(60)), Duration::zero());
    EXPECT_EQ(plant.archiver->status().captured, all);
}

TEST(Archiver, ComesBackSoonerWhereMuchComes) {
    ArchivePlant plant({{.rule = on_change()}}, 64 * 1024 * 1024, 64);
    const auto next = [&](std::int64_t ms, std::int64_t blocks) {
        for (std::int64_t block = 0; block < blocks; ++block) {
            plant.cycle(ms, [&] {
                for (std::int64_t i = 0; i < engine::CaptureBlock::kRows; ++i)
                    plant.add_ns(0, kStart + ms * kMs + i * 1'000, word_of(static_cast<double>(i)));
            });
        }
        return plant.archiver->gather(ArchivePlant::at(ms));
    };
    static_cast<void>(next(0, 1));
    EXPECT_GE(next(50, 2), 50ms) << "its usual time is soon enough";
    const auto busy = next(100, 20);
    EXPECT_LT(busy, 50ms);
    EXPECT_GE(busy, 5ms);
    EXPECT_GE(next(150, 1), 50ms);
}

TEST(Archiver, SplitsWhatDoesNotFitIntoOneRecord) {
    ArchivePlant plant({{.type = ValueType::string, .rule = on_change()}, {.rule = on_change()}}, 64 * 1024 * 1024, 32);
    for (int i = 0; i < 150; ++i) plant.text(i, std::string(kMaxValueBytes, static_cast<char>('a' + i % 26)), 0);
    plant.gather(200);
    const auto records = plant.read();
    EXPECT_GT(records.rows.size(), 1U);
    EXPECT_EQ(records.series.at(0).size(), 150U);
    EXPECT_EQ(records.series.at(0)[149].blob, std::string(kMaxValueBytes, static_cast<char>('a' + 149 % 26)));
}

TEST(Archiver, NeedsFewBytesForATag) {
    std::vector<ArchivedTag> tags(1'000, {.rule = on_change(0.5, {}, 1h)});
    ArchivePlant many(tags);
    EXPECT_LE(many.archiver->state_bytes(), 28U * 1'000);
    for (auto& tag : tags) tag.rule = {};
    ArchivePlant none(tags);
    EXPECT_LE(none.archiver->state_bytes(), 4U * 1'000);
    EXPECT_EQ(none.archiver->status().archived_tags, 0U);
}

TEST(Archiver, CountsWhatCameAndWhatWasKept) {
    ArchivePlant plant({{.rule = on_change(10)}});
    for (int i = 0; i < 100; ++i) plant.sample(i, i);
    plant.gather(200);
    const auto status = plant.archiver->status();
    EXPECT_EQ(status.captured, 100U);
    EXPECT_EQ(status.kept, 10U);
    EXPECT_EQ(status.records, 1U);
    EXPECT_EQ(status.refused, 0U);
}

TEST(ArchivedSeries, GoToTheHistoriansThatTheRuleNames) {
    auto both = on_change();
    both.historians = {"historian.a", "historian.b"};
    auto second = on_change();
    second.historians = {"historian.b"};
    const auto catalog = catalog_of({{.rule = on_change()}, {.rule = both}, {.rule = second}, {.rule = {}}});
    const auto ids = [&](std::string_view historian) {
        std::vector<SeriesId> list;
        for (const auto& series : history::series_of(*catalog, historian, "historian.a")) list.push_back(series.id);
        return list;
    };
    EXPECT_THAT(ids("historian.a"), ::testing::ElementsAre(0, 1));
    EXPECT_THAT(ids("historian.b"), ::testing::ElementsAre(1, 2));
    EXPECT_THAT(ids("historian.c"), ::testing::ElementsAre());
}

TEST(ArchivedSeries, RulesThatCountSamplesAreShownUnchangedOnes) {
    using engine::CaptureMode;
    EXPECT_EQ(history::capture_mode({}), CaptureMode::off);
    EXPECT_EQ(history::capture_mode(on_change(1, 1s)), CaptureMode::changes);
    EXPECT_EQ(history::capture_mode(on_change(1, 1s, 2s)), CaptureMode::all_samples);
    EXPECT_EQ(history::capture_mode(cyclic(1s)), CaptureMode::all_samples);
}

}  // namespace
}  // namespace penstock::history_test
