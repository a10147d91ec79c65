// A gap is a bad sample with its cause, later than the last good row, whatever made it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/core/history/archive_plant.hpp"

namespace penstock::history_test {
namespace {

TEST(ArchiveGaps, ALinkThatIsDownIsAGapWithItsCause) {
    ArchivePlant plant({{.rule = on_change()}, {.rule = cyclic(1s)}, {.rule = on_change(0.5, 1s, 10s)}});
    for (const tags::TagId tag : {0U, 1U, 2U}) {
        plant.sample(100, 1, tag);
        plant.bad(200, "connection refused by 10.0.0.7:502", tag);
        plant.sample(900, 1, tag);
    }
    plant.gather(1'000);
    for (const tags::TagId tag : {0U, 1U, 2U}) {
        EXPECT_EQ(plant.shown(tag), "100=1, 200=bad connection refused by 10.0.0.7:502, 900=1");
    }
}

TEST(ArchiveGaps, AGapBeginsBehindTheLastGoodRowEvenIfItsTimeWasAhead) {
    ArchivePlant plant({{.rule = on_change()}});
    plant.sample(5'000, 1);  // the device's clock is ahead
    plant.bad(200, "no answer");
    plant.gather(250);
    EXPECT_EQ(plant.shown(), "5000=1, 5001=bad no answer");
}

TEST(ArchiveGaps, EachCauseOfABadStretchIsKept) {
    ArchivePlant plant({{.rule = on_change()}});
    plant.sample(0, 1);
    plant.bad(10, "no answer");
    plant.bad(20, "connection refused");
    plant.gather(50);
    EXPECT_EQ(plant.shown(), "0=1, 10=bad no answer, 20=bad connection refused");
}

TEST(ArchiveGaps, TheTimeWithoutServerIsAGapOfEveryArchivedTag) {
    ArchivePlant plant({{.rule = on_change()}, {.rule = cyclic(1s)}, {.rule = {}}, {.rule = on_change(), .is_memory = true}});
    for (const tags::TagId tag : {0U, 1U, 3U}) plant.sample(100, 1, tag);
    plant.gather(150);
    plant.show(3, 100, 1);

    plant.restart();
    const auto last = [](tags::TagId tag) { return tag == 1 ? kStart + 2'000 * kMs : std::int64_t{0}; };
    plant.archiver->start(utc_from_ns(kStart + 150 * kMs), last, ArchivePlant::at(60'000));
    plant.sample(60'500, 1, 0);
    plant.gather(60'600);
    EXPECT_EQ(plant.shown(0), "100=1, 150=bad the server was not running, 60500=1") << "equal or not, it is known again";
    EXPECT_EQ(plant.shown(1), "100=1, 2001=bad the server was not running") << "behind what was archived last";
    EXPECT_EQ(plant.shown(2), "");
    EXPECT_EQ(plant.shown(3), "100=1, 150=bad the server was not running, 60000=1") << "it lives here, and was restored";
}

TEST(ArchiveGaps, TheFirstStartOfAServerIsNone) {
    ArchivePlant plant({{.rule = on_change()}});
    plant.archiver->start(plant.lane->recovery().last_time.utc, nullptr, ArchivePlant::at(0));
    plant.sample(10, 1);
    plant.gather(20);
    EXPECT_EQ(plant.shown(), "10=1");
}

TEST(ArchiveGaps, SamplesThatTheQueueLostAreAGap) {
    ArchivePlant plant({{.rule = on_change()}, {.rule = on_change(0, 1s)}}, 16 * 1024 * 1024, 2);
    std::int64_t ms = 0;
    for (; ms < 40'000; ++ms) {
        plant.cycle(ms, [&] {
            plant.add_ns(0, kStart + ms * kMs, word_of(static_cast<double>(ms)));
            if (ms % 1'000 == 0) plant.add_ns(1, kStart + ms * kMs, word_of(static_cast<double>(ms)));
        });
    }
    ASSERT_GT(plant.capture.lost(), 0U);
    plant.show(0, 39'999, 39'999);
    plant.show(1, 39'000, 39'000);
    plant.gather(ms);
    plant.sample(40'100, 5);
    plant.gather(40'200);

    const auto rows = plant.read().series[0];
    const auto gap = std::ranges::find(rows, std::string(history::kArchiveTooSlow), &Row::cause);
    ASSERT_NE(gap, rows.end());
    ASSERT_NE(gap, rows.begin());
    EXPECT_GT(gap->time, (gap - 1)->time);
    EXPECT_EQ(gap->word, 0U);
    EXPECT_EQ(gap->quality, QualityCode::bad_internal);
    for (auto row = rows.begin(); row != gap; ++row)
        EXPECT_EQ(row->time, kStart + (row - rows.begin()) * kMs) << "nothing before it is missing";
    EXPECT_EQ(std::ranges::count(rows, std::string(history::kArchiveTooSlow), &Row::cause), 1);
    EXPECT_EQ(rows.back().time, kStart + 40'100 * kMs);

    ASSERT_EQ(plant.notices.size(), 1U);
    EXPECT_EQ(plant.notices[0].tags, 2U);
    EXPECT_EQ(plant.notices[0].cause, history::kArchiveTooSlow);
    EXPECT_LE(to_ns(plant.notices[0].from), gap->time);
}

TEST(ArchiveGaps, ATagThatStoodStillAfterALossHasItsValueAgain) {
    ArchivePlant plant({{.rule = on_change()}});
    plant.sample(0, 1);
    plant.gather(10);
    plant.show(0, 20, 2);  // what was lost
    plant.cycle(100, [&] { plant.capture.lose(0, kStart + 20 * kMs); });
    plant.gather(150);
    const auto text = plant.shown();
    EXPECT_EQ(text, "0=1, 20=bad " + std::string(history::kArchiveTooSlow) + ", 150=2")
        << "not under 20 ms, where it is not known whether it held";
}

TEST(ArchiveGaps, WhatTheLaneDoesNotTakeIsAGapOnceItDoes) {
    ArchivePlant plant({{.rule = on_change()}, {.rule = on_change()}, {.rule = cyclic(1s)}}, 64 * 1024);
    std::mt19937_64 random(1);
    plant.sample(0, 0.5, 1);
    plant.gather(10);
    ASSERT_TRUE(plant.lane->commit());
    // Nobody commits: the buffer fills up.
    std::int64_t ms = 20;
    for (; plant.archiver->status().refused == 0 && ms < 100'000; ms += 50) {
        plant.cycle(ms, [&] {
            for (int i = 0; i < 1'000; ++i) plant.add_ns(0, kStart + ms * kMs + i, random());
        });
        plant.gather(ms);
    }
    const auto refused_from = kStart + (ms - 50) * kMs;
    plant.cycle(ms, [&] {
        for (int i = 0; i < 5'000; ++i) plant.add_ns(0, kStart + ms * kMs + i, random());
        plant.add_ns(1, kStart + ms * kMs, word_of(2.5));
    });
    plant.show(1, ms, 2.5);
    plant.gather(ms);
    ASSERT_GT(plant.archiver->status().refused, 5'000U);
    ASSERT_TRUE(plant.lane->commit());
    plant.show(0, ms, 7);
    plant.gather(ms + 50);
    plant.sample(ms + 100, 8);
    plant.gather(ms + 150);

    const auto series = plant.read().series;
    const auto& busy = series.at(0);
    const auto gap = std::ranges::find(busy, std::string(history::kDiskTooSlow), &Row::cause);
    ASSERT_NE(gap, busy.end());
    EXPECT_EQ(gap->time, refused_from) << "from the first sample that was refused";
    EXPECT_EQ((gap - 1)->time, refused_from - 50 * kMs + 999);
    EXPECT_EQ((gap + 1)->word, word_of(7.0));
    EXPECT_EQ(busy.back().word, word_of(8.0));
    const auto& slow = series.at(1);
    ASSERT_EQ(slow.size(), 3U);
    EXPECT_EQ(slow[1].cause, history::kDiskTooSlow);
    EXPECT_EQ(slow[2].word, word_of(2.5)) << "what was refused is what it still holds";
    EXPECT_GE(slow[2].time, slow[1].time);
    EXPECT_FALSE(series.contains(2)) << "nothing of it was lost";
    ASSERT_FALSE(plant.notices.empty());
    EXPECT_EQ(plant.notices[0].cause, history::kDiskTooSlow);
}

TEST(ArchiveGaps, ARecordThatIsRefusedAgainAndAgainMakesOneGap) {
    ArchivePlant plant({{.rule = on_change()}}, 64 * 1024);
    std::mt19937_64 random(2);
    std::int64_t ms = 0;
    for (int i = 0; i < 200; ++i, ms += 50) {
        plant.cycle(ms, [&] {
            for (int n = 0; n < 500; ++n) plant.add_ns(0, kStart + ms * kMs + n, random());
        });
        plant.gather(ms);
    }
    ASSERT_TRUE(plant.lane->commit());
    plant.show(0, ms, 1);
    plant.gather(ms);
    const auto rows = plant.read().series[0];
    EXPECT_EQ(std::ranges::count(rows, std::string(history::kDiskTooSlow), &Row::cause), 1);
    EXPECT_EQ(rows.back().word, word_of(1.0));
    for (std::size_t i = 1; i < rows.size(); ++i) EXPECT_GT(rows[i].time, rows[i - 1].time);
    EXPECT_LE(plant.notices.size(), 2U) << "ten seconds: at the beginning, and once more";
}

TEST(ArchiveGaps, WhatAHistorianLostIsKeptAgainWhereNothingChangedSince) {
    ArchivePlant plant({{.rule = on_change()},
                        {.rule = on_change()},
                        {.rule = on_change()},
                        {.rule = on_change()},
                        {.rule = {}},
                        {.rule = cyclic(1s)}});
    plant.sample(100, 1, 0);
    plant.sample(100, 1, 1);
    plant.bad(100, "no answer", 2);
    plant.sample(100, 4, 5);
    plant.gather(150);
    plant.sample(4'000, 2, 1);  // changed behind the gap
    plant.gather(4'050);
    plant.archiver->keep_again({0, 1, 2, 3, 4, 5}, utc_from_ns(kStart + 3'000 * kMs));
    plant.gather(5'000);
    EXPECT_EQ(plant.shown(0), "100=1, 3000=1");
    EXPECT_EQ(plant.shown(1), "100=1, 4000=2");
    EXPECT_EQ(plant.shown(2), "100=bad no answer, 3000=bad no answer");
    EXPECT_EQ(plant.shown(3), "") << "nobody knows a value of it";
    EXPECT_EQ(plant.shown(4), "") << "it is not archived";
    EXPECT_EQ(plant.shown(5), "100=4, 3000=4");
    plant.gather(5'050);
    plant.sample(6'000, 1, 0);
    plant.gather(6'050);
    EXPECT_EQ(plant.shown(0), "100=1, 3000=1") << "once, and it is no change to it";
}

TEST(ArchiveGaps, WhatAHistorianLostOfATextIsKeptAgainToo) {
    ArchivePlant plant({{.type = ValueType::string, .rule = on_change()}});
    plant.text(100, "batch 4711");
    plant.gather(150);
    plant.archiver->keep_again({0}, {});
    plant.gather(200);
    EXPECT_EQ(plant.shown(), "100=batch 4711") << "it holds something else by now, which is on its way";
    plant.show_text(0, 100, "batch 4711");
    plant.archiver->keep_again({0}, {});
    plant.gather(5'000);
    EXPECT_EQ(plant.shown(), "100=batch 4711, 5000=batch 4711") << "where the gap ends is not known: from now on";
}

}  // namespace
}  // namespace penstock::history_test
