// What time takes away, and what stands for it afterwards.

#include <cmath>

#include <gtest/gtest.h>

#include "tests/plugins/historians/sqlite/plant.hpp"

namespace penstock::sqlite {
namespace {

using testing::kLeast;
using testing::kMost;
using testing::Plant;
using testing::Row;
using namespace std::chrono;

constexpr std::int64_t kSecond = 1'000'000'000;
constexpr std::int64_t kMinute = 60 * kSecond;
constexpr std::int64_t kHour = 60 * kMinute;
constexpr std::int64_t kDay = 24 * kHour;
constexpr std::int64_t kBegin = 19'000 * kDay;  // midnight

SampleRange whole(SeriesId series) {
    SampleRange range;
    range.series = series;
    range.from = kLeast;
    range.to = kMost;
    return range;
}

// A value for every second of `days` days: the second of its minute, so that each minute's average is 29.5.
std::vector<Row> seconds_of_minutes(int days) {
    std::vector<Row> rows;
    for (std::int64_t second = 0; second < days * 86'400; ++second)
        rows.push_back({.time = kBegin + second * kSecond, .word = word_of(static_cast<double>(second % 60))});
    return rows;
}

TEST(Retention, TurnsOldSamplesIntoMinutesWithTheirAverage) {
    Plant plant;
    plant.define(1, ValueType::float64, days(4));
    plant.append({{1, seconds_of_minutes(3)}});
    plant.historian().flush();
    const auto samples = plant.historian().status().samples;
    plant.tidy_all(utc_from_ns(kBegin + 6 * kDay));
    const auto rows = plant.read(*plant.historian().open_reader(), whole(1));
    ASSERT_EQ(rows.size(), 2U * 1440 + 86'400);
    for (std::size_t i = 0; i < 2 * 1440; ++i) {
        ASSERT_EQ(rows[i].time, kBegin + static_cast<std::int64_t>(i) * kMinute);
        ASSERT_DOUBLE_EQ(double_of(rows[i].word), 29.5);
        ASSERT_EQ(rows[i].quality, status_word(QualityCode::uncertain));
        ASSERT_EQ(rows[i].cause, "the average of a minute");
    }
    EXPECT_EQ(rows[2 * 1440].time, kBegin + 2 * kDay);
    EXPECT_EQ(plant.historian().status().samples, samples - 2 * 86'400);
    plant.reopen();
    EXPECT_EQ(plant.read(*plant.historian().open_reader(), whole(1)), rows);
}

TEST(Retention, KeepsTheExtremesOfAMinuteForTrends) {
    Plant plant;
    plant.define(1, ValueType::float64, days(4));
    plant.append({{1, seconds_of_minutes(1)}});
    plant.tidy_all(utc_from_ns(kBegin));
    plant.historian().flush();
    plant.tidy_all(utc_from_ns(kBegin + 8 * kDay));
    class Extremes final : public SummarySink {
    public:
        bool take(const SampleSummary& summary) override {
            minimum = std::min(minimum, summary.minimum);
            maximum = std::max(maximum, summary.maximum);
            sum += summary.weighted_sum;
            seconds += summary.weighted_seconds;
            return true;
        }
        bool take(const SampleView&) override { return ++views, true; }
        double minimum = 1e9, maximum = -1e9, sum = 0, seconds = 0;
        int views = 0;
    } extremes;
    auto range = whole(1);
    range.from = kBegin;
    range.to = kBegin + kDay;
    plant.historian().open_reader()->summarise(range, hours(1), extremes);
    EXPECT_EQ(extremes.views, 0);
    EXPECT_EQ(extremes.minimum, 0);
    EXPECT_EQ(extremes.maximum, 59);
    EXPECT_DOUBLE_EQ(extremes.seconds, 86'400);
    EXPECT_DOUBLE_EQ(extremes.sum / extremes.seconds, 29.5);
}

TEST(Retention, SaysOnceMoreWhatHeldAfterTheLastSample) {
    Plant plant;
    plant.define(1, ValueType::float64, days(4));
    plant.append({{1,
                   {{.time = kBegin, .word = word_of(0)},
                    {.time = kBegin + 30 * kSecond, .word = word_of(10)},
                    {.time = kBegin + kHour, .quality = status_word(QualityCode::bad_timeout), .cause = "no answer"}}}});
    plant.historian().flush();
    plant.tidy_all(utc_from_ns(kBegin + 8 * kDay));
    const auto rows = plant.read(*plant.historian().open_reader(), whole(1));
    ASSERT_EQ(rows.size(), 4);
    EXPECT_EQ(double_of(rows[0].word), 5);
    EXPECT_EQ(rows[1].time, kBegin + kMinute);
    EXPECT_EQ(double_of(rows[1].word), 10) << "it held 10, not the average of 0 and 10";
    EXPECT_EQ(rows[2].time, kBegin + kHour);
    EXPECT_EQ(rows[2].quality, status_word(QualityCode::bad_timeout)) << "a gap stays a gap";
    EXPECT_EQ(rows[3].quality, status_word(QualityCode::bad_timeout));
}

TEST(Retention, TurnsMinutesIntoHoursAndHoursIntoNothing) {
    Plant plant;
    plant.define(1, ValueType::float64, days(4), days(8), days(12));
    plant.append({{1, seconds_of_minutes(2)}});
    plant.historian().flush();
    plant.tidy_all(utc_from_ns(kBegin + 7 * kDay));
    plant.tidy_all(utc_from_ns(kBegin + 10 * kDay));
    const auto rows = plant.read(*plant.historian().open_reader(), whole(1));
    ASSERT_EQ(rows.size(), 49) << "two days, and once more what held behind them";
    EXPECT_NEAR(double_of(rows[0].word), 29.5, 1e-9);
    EXPECT_EQ(rows[1].time, kBegin + kHour);
    EXPECT_EQ(rows[1].cause, "the average of an hour");
    plant.tidy_all(utc_from_ns(kBegin + 15 * kDay));
    EXPECT_TRUE(plant.read(*plant.historian().open_reader(), whole(1)).empty());
}

TEST(Retention, TellsTheOldestTimeOfWhatIsLeft) {
    Plant plant;
    plant.define(1, ValueType::float64, days(4), days(8), days(12));
    plant.define(2, ValueType::string, days(4), days(4), days(4));
    plant.append({{1, seconds_of_minutes(2)}, {2, {{.time = kBegin - kDay, .text = "running"}}}});
    plant.historian().flush();
    EXPECT_EQ(plant.historian().status().oldest_time, kBegin - kDay);
    plant.tidy_all(utc_from_ns(kBegin + 4 * kDay));
    EXPECT_EQ(plant.historian().status().oldest_time, kBegin) << "the text is gone";
    plant.tidy_all(utc_from_ns(kBegin + 10 * kDay));
    plant.tidy_all(utc_from_ns(kBegin + 13 * kDay));
    EXPECT_EQ(plant.historian().status().oldest_time, kBegin + kDay) << "the hours of the first day are gone";
    plant.reopen();
    EXPECT_EQ(plant.historian().status().oldest_time, kBegin + kDay);
    plant.tidy_all(utc_from_ns(kBegin + 20 * kDay));
    EXPECT_EQ(plant.historian().status().oldest_time, 0);
    plant.append({{1, {{.time = kBegin + 20 * kDay, .word = word_of(1)}}}});
    plant.historian().flush();
    EXPECT_EQ(plant.historian().status().oldest_time, kBegin + 20 * kDay);
}

TEST(Retention, KeepsTextsAsTheyAreForTheWholeTime) {
    Plant plant;
    plant.define(1, ValueType::string, days(4), days(8), days(12));
    plant.append({{1, {{.time = kBegin, .text = "running"}, {.time = kBegin + kHour, .text = "tripped"}}}});
    plant.historian().flush();
    plant.tidy_all(utc_from_ns(kBegin + 11 * kDay));
    plant.expect_all();
    plant.tidy_all(utc_from_ns(kBegin + 14 * kDay));
    EXPECT_TRUE(plant.read(*plant.historian().open_reader(), whole(1)).empty());
}

TEST(Retention, GivesTheRoomBackAndWorksInPieces) {
    Plant plant;
    for (SeriesId id = 1; id <= 300; ++id) plant.define(id, ValueType::float64, hours(1), hours(1), hours(1));
    std::map<SeriesId, std::vector<Row>> rows;
    for (SeriesId id = 1; id <= 300; ++id)
        for (std::int64_t i = 0; i < (id % 2 == 0 ? 1000 : 40); ++i)
            rows[id].push_back({.time = kBegin + i * kSecond, .word = word_of(std::sqrt(static_cast<double>(i + id)))});
    plant.append(rows);
    plant.historian().flush();
    const auto before = plant.historian().status().bytes;
    plant.tidy_all(utc_from_ns(kBegin + 2 * kDay));
    EXPECT_LT(plant.historian().status().bytes, before / 4);
    EXPECT_EQ(plant.historian().status().samples, 0);
}

}  // namespace
}  // namespace penstock::sqlite
