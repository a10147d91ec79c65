#include "core/history/batch_builder.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>

#include "tests/core/history/values_columns.hpp"

namespace penstock::history_test {
namespace {

// Of `tags` series every third is text, and every seventh is not wanted.
bool is_text(SeriesId id) { return id % 3 == 0; }
bool is_wanted(SeriesId id) { return id % 7 != 0; }

history::WantedSeries wanted_of(std::uint32_t tags) {
    std::vector<SeriesInfo> series;
    for (SeriesId id = 0; id < tags; ++id) {
        if (is_wanted(id))
            series.push_back({.id = id, .name = "tag", .type = is_text(id) ? ValueType::string : ValueType::uint64});
    }
    return history::WantedSeries(std::move(series));
}

Row random_row(std::mt19937_64& random, SeriesId id, std::int64_t time) {
    if (random() % 10 == 0) return {time, QualityCode::bad_timeout, "cause " + std::to_string(random() % 5), 0, ""};
    Row row{.time = time};
    if (random() % 10 == 0) row.quality = QualityCode::uncertain_range_exceeded, row.cause = "out of range";
    if (is_text(id)) {
        row.blob = std::string(random() % 20, static_cast<char>('a' + random() % 26));
    } else {
        row.word = random();
    }
    return row;
}

// Batches of several records each, against the same samples by series.
void expect_whole(std::uint32_t tags, std::size_t rows_a_record, int records) {
    const auto wanted = wanted_of(tags);
    history::BatchBuilder builder(wanted);
    history::ValuesEncoder encoder(tags);
    for (SeriesId id = 0; id < tags; ++id) {
        if (is_text(id)) encoder.set_blob(id);
    }
    std::mt19937_64 random(tags);
    std::int64_t time = 1'700'000'000'000'000'000;
    for (int batch = 0; batch < 5; ++batch) {
        Series all;
        std::size_t rows = 0;
        for (int i = 0; i < records; ++i) {
            OwnedColumns columns;
            for (std::size_t n = 0; n < rows_a_record; ++n) {
                const auto id = static_cast<SeriesId>(random() % tags);
                columns.add(id, random_row(random, id, time += 1'000'000), is_text(id));
            }
            for (const auto& [id, series] : columns.series) {
                if (!is_wanted(id)) continue;
                rows += series.size();
                all[id].insert(all[id].end(), series.begin(), series.end());
            }
            ASSERT_TRUE(builder.add(encoder.encode(columns.view())));
        }
        ASSERT_EQ(builder.rows(), rows);
        const auto built = builder.build(7, 9);
        EXPECT_EQ(built.begin, 7U);
        EXPECT_EQ(built.end, 9U);
        ASSERT_EQ(built.samples.size(), rows);
        ASSERT_TRUE(std::ranges::is_sorted(built.runs, std::less_equal<>(), &SeriesRun::series))
            << "at most one run a series, in order";
        std::uint32_t next = 0;
        for (const auto& run : built.runs) {
            ASSERT_EQ(run.first, next) << "every row belongs to one run";
            next += run.count;
            const auto& series = all.at(run.series);
            ASSERT_EQ(run.count, series.size());
            for (std::uint32_t n = 0; n < run.count; ++n) {
                const auto row = run.first + n;
                Row found{built.samples.time[row],
                          status_quality(built.samples.status[row]),
                          std::string(built.samples.cause_at(row)),
                          built.samples.word[row],
                          {}};
                if (is_text(run.series)) found.blob = built.samples.blob_at(row);
                if (is_text(run.series)) found.word = 0;
                ASSERT_EQ(found, series[n]) << "series " << run.series << ", row " << n;
                if (is_bad(found.quality)) ASSERT_EQ(built.samples.word[row], 0U) << "a bad sample has no value";
            }
        }
        ASSERT_EQ(next, rows);
        builder.clear();
    }
}

TEST(BatchBuilder, JoinsRecordsOfFewBusyTags) { expect_whole(12, 500, 6); }
TEST(BatchBuilder, JoinsRecordsOfManyRareTags) { expect_whole(5'000, 100, 20); }
TEST(BatchBuilder, JoinsRecordsOfManyTagsThatAllCome) { expect_whole(200, 1'000, 4); }

TEST(BatchBuilder, TakesNothingOfARecordThatMakesNoSense) {
    const auto wanted = wanted_of(10);
    history::BatchBuilder builder(wanted);
    const std::vector<std::byte> rubbish(64, std::byte{0x41});
    EXPECT_FALSE(builder.add(rubbish));
    EXPECT_EQ(builder.rows(), 0U);
    EXPECT_TRUE(builder.build(0, 1).runs.empty());
}

TEST(BatchBuilder, IsFullWhenItHasTheRowsThatWereAskedFor) {
    const auto wanted = wanted_of(10);
    history::BatchBuilder builder(wanted);
    history::ValuesEncoder encoder(10);
    OwnedColumns columns;
    for (int i = 0; i < 100; ++i) columns.add(1, {.time = i + 1, .word = 5});
    ASSERT_TRUE(builder.add(encoder.encode(columns.view())));
    EXPECT_FALSE(builder.is_full(101));
    EXPECT_TRUE(builder.is_full(100));
}

}  // namespace
}  // namespace penstock::history_test
