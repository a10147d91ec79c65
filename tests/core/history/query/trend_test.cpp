#include "core/history/trend.hpp"

#include <cmath>
#include <random>

#include <gtest/gtest.h>

#include "tests/core/history/query/query_plant.hpp"

namespace penstock::history {
namespace {

using namespace testing;

const IsOver kNever = [] { return false; };

TrendLine trend(QueryPlant& plant, std::int64_t from, std::int64_t to, std::uint32_t columns) {
    SeriesView view(*plant.open(0, ""), plant.tail, 0, ValueType::float64);
    return make_trend(view, utc_from_ns(from), utc_from_ns(to), columns, utc_from_ns(to), kNever).value();
}

// Late samples, bad ones, NaN; part of it stored.
void fill(QueryPlant& plant, std::uint64_t seed) {
    std::mt19937_64 random(seed);
    std::int64_t own = 0;  // every other seed: no two samples have one time
    const auto records = 1 + random() % 40;
    const auto stored = random() % (records + 1);
    for (std::size_t record = 0; record < records; ++record) {
        for (auto n = random() % 20; n > 0; --n) {
            const auto time = kStart + static_cast<std::int64_t>(random() % (record + 1) * 50 + random() % 300) * kMs
                              + (seed % 2 == 0 ? ++own : 0);
            const auto kind = random() % 12;
            plant.add(0, {time, kind == 0 ? std::nan("") : static_cast<double>(random() % 1'000),
                          kind == 1 ? QualityCode::bad_timeout : QualityCode::good});
        }
        plant.add(1, {kStart, 0});
        plant.commit();
        if (record == stored) plant.store_all();
    }
}

TEST(Trend, KeepsEveryExtremeWithAndWithoutSummaries) {
    for (std::uint64_t seed = 0; seed < 60; ++seed) {
        QueryPlant plant(2);
        fill(plant, seed);
        const auto from = kStart - 7 * kMs;
        const auto to = kStart + static_cast<std::int64_t>(100 + seed * 40) * kMs;
        const auto columns = static_cast<std::uint32_t>(1 + seed * 3 % 50);
        for (const bool has_summaries : {false, true}) {
            plant.has_summaries = has_summaries;
            const auto line = trend(plant, from, to, columns);
            ASSERT_EQ(line.minimum.size(), columns);
            std::vector<double> least(columns, std::nan("")), greatest(columns, std::nan(""));
            std::vector<std::uint32_t> count(columns, 0);
            for (const auto& each : plant.all(0)) {
                if (each.time < from || each.time >= to) continue;
                const auto width = static_cast<double>(to - from) / columns;
                std::size_t k = 0;
                while (k + 1 < columns
                       && each.time >= from + static_cast<std::int64_t>(std::floor(width * static_cast<double>(k + 1))))
                    ++k;
                ++count[k];
                if (is_bad(each.quality) || std::isnan(each.value)) continue;
                if (!(least[k] <= each.value)) least[k] = each.value;
                if (!(greatest[k] >= each.value)) greatest[k] = each.value;
            }
            for (std::size_t k = 0; k < columns; ++k) {
                ASSERT_EQ(line.count[k], count[k]) << "seed " << seed << " column " << k << " summaries " << has_summaries;
                if (count[k] == 0) continue;
                ASSERT_EQ(std::isnan(line.minimum[k]), std::isnan(least[k])) << "seed " << seed << " column " << k;
                if (std::isnan(least[k])) continue;
                ASSERT_EQ(line.minimum[k], least[k]) << "seed " << seed << " column " << k << " summaries " << has_summaries;
                ASSERT_EQ(line.maximum[k], greatest[k]) << "seed " << seed << " column " << k << " summaries " << has_summaries;
            }
        }
    }
}

TEST(Trend, SummariesChangeNothing) {
    for (std::uint64_t seed = 100; seed < 130; ++seed) {
        QueryPlant plant(2);
        fill(plant, seed);
        plant.store_all();
        const auto to = kStart + 2'000 * kMs;
        plant.has_summaries = false;
        const auto read = trend(plant, kStart, to, 17);
        plant.has_summaries = true;
        const auto summed = trend(plant, kStart, to, 17);
        for (std::size_t k = 0; k < 17; ++k) {
            EXPECT_EQ(word_of(read.first[k]), word_of(summed.first[k])) << "seed " << seed << " column " << k;
            EXPECT_EQ(word_of(read.last[k]), word_of(summed.last[k])) << "seed " << seed << " column " << k;
            EXPECT_EQ(level(read.worst[k]), level(summed.worst[k])) << "seed " << seed << " column " << k;
            if (!std::isnan(read.average[k]))
                EXPECT_NEAR(read.average[k], summed.average[k], 1e-6) << "seed " << seed << " column " << k;
        }
    }
}

TEST(Trend, ShowsWhatWasHeldThroughAndWhereThereIsAGap) {
    QueryPlant plant(2);
    plant.add(0, {kStart - 50 * kMs, 4});
    plant.add(0, {kStart + 25 * kMs, 8});
    plant.add(0, {kStart + 45 * kMs, 0, QualityCode::bad_timeout, "no answer"});
    plant.commit();
    const auto line = trend(plant, kStart, kStart + 100 * kMs, 10);
    EXPECT_EQ(line.minimum[0], 4);
    EXPECT_EQ(line.count[0], 0U);
    EXPECT_EQ(line.worst[0], QualityCode::good);
    EXPECT_EQ(line.count[2], 1U);
    EXPECT_EQ(line.average[2], 6);  // 4 for half of it, then 8
    EXPECT_EQ(line.maximum[3], 8);
    EXPECT_EQ(line.worst[4], QualityCode::bad_timeout);
    EXPECT_TRUE(std::isnan(line.minimum[7]));
    EXPECT_EQ(line.worst[7], QualityCode::bad_timeout);
}

TEST(Trend, SaysNothingOfWhatIsNotKnown) {
    QueryPlant plant(2);
    plant.add(0, {kStart + 35 * kMs, 8});
    plant.commit();
    SeriesView view(*plant.open(0, ""), plant.tail, 0, ValueType::float64);
    const auto line =
        make_trend(view, utc_from_ns(kStart), utc_from_ns(kStart + 100 * kMs), 10, utc_from_ns(kStart + 60 * kMs), kNever)
            .value();
    EXPECT_TRUE(std::isnan(line.minimum[0]));
    EXPECT_EQ(line.worst[0], QualityCode::bad_no_data);
    EXPECT_EQ(line.last[5], 8);
    EXPECT_TRUE(std::isnan(line.minimum[8]));
    EXPECT_EQ(line.worst[8], QualityCode::bad_no_data);
}

}  // namespace
}  // namespace penstock::history
