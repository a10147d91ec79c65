// The archive gives back what was appended: whatever came late, whatever was merged meanwhile, from both ends.

#include <algorithm>
#include <array>
#include <cmath>
#include <filesystem>
#include <limits>
#include <map>
#include <memory>
#include <random>

#include <gtest/gtest.h>

#include "historian.hpp"
#include "tests/plugins/historians/sqlite/model.hpp"
#include "tests/plugins/historians/sqlite/plant.hpp"

namespace penstock::sqlite {
namespace {

using testing::Collector;
using testing::difference;
using testing::expected;
using testing::kLeast;
using testing::OwnedColumns;
using testing::Plant;
using testing::RandomSignal;
using testing::Row;
using testing::TemporaryFolder;

constexpr std::array kTypes = {ValueType::float64, ValueType::int64, ValueType::uint64, ValueType::boolean, ValueType::string};

// Signals of all types, some busy, some rare.
class Crowd {
public:
    Crowd(Plant& plant, std::uint64_t seed, SeriesId count) : random_(seed) {
        for (SeriesId i = 0; i < count; ++i) {
            const SeriesId id = i * 37 + static_cast<SeriesId>(seed % 5);
            const auto type = kTypes[random_() % kTypes.size()];
            plant.define(id, type);
            signals_.emplace(id, RandomSignal(seed * 1000 + i, type));
            busy_[id] = 1 + random_() % (i % 4 == 0 ? 900 : 20);
        }
    }
    [[nodiscard]] std::map<SeriesId, std::vector<Row>> next() {
        std::map<SeriesId, std::vector<Row>> rows;
        for (auto& [id, signal] : signals_) {
            if (random_() % 3 == 0) continue;
            for (std::uint64_t i = 0; i < busy_[id]; ++i) rows[id].push_back(signal.next());
        }
        return rows;
    }

private:
    std::mt19937_64 random_;
    std::map<SeriesId, RandomSignal> signals_;
    std::map<SeriesId, std::uint64_t> busy_;
};

TEST(Archive, GivesBackWhatWasAppendedThroughFlushesMergesAndRestarts) {
    for (std::uint64_t seed = 1; seed <= 6; ++seed) {
        SCOPED_TRACE(seed);
        Plant plant;
        Crowd crowd(plant, seed, 24);
        std::mt19937_64 random(seed);
        for (int step = 0; step < 60; ++step) {
            plant.append(crowd.next());
            if (random() % 2 == 0) plant.historian().flush();
            if (random() % 7 == 0) plant.tidy_all();
            if (random() % 25 == 0) plant.reopen();
        }
        plant.historian().flush();
        plant.expect_all();
        plant.tidy_all();
        plant.expect_all();
        plant.reopen();
        plant.expect_all();
    }
}

TEST(Archive, GivesAnyRangeFromBothEndsAndSkips) {
    Plant plant;
    Crowd crowd(plant, 9, 12);
    for (int step = 0; step < 40; ++step) {
        plant.append(crowd.next());
        plant.historian().flush();
        if (step % 20 == 10) plant.tidy_all();
    }
    const auto reader = plant.historian().open_reader();
    std::mt19937_64 random(3);
    for (int round = 0; round < 2000; ++round) {
        const SeriesId id = static_cast<SeriesId>(random() % 12) * 37 + 4;
        const auto& rows = plant.arrived(id);
        if (rows.empty()) continue;
        SampleRange range;
        range.series = id;
        const auto a = rows[random() % rows.size()].time;
        const auto b = rows[random() % rows.size()].time;
        range.from = std::min(a, b);
        range.to = std::max(a, b) + static_cast<std::int64_t>(random() % 2);
        range.skip = random() % 3 == 0 ? random() % 1500 : 0;
        range.newest_first = random() % 2 == 0;
        ASSERT_EQ(difference(plant.read(*reader, range), expected(rows, range)), "") << "round " << round;
    }
}

TEST(Archive, FindsTheNewestRowBeforeATime) {
    Plant plant;
    Crowd crowd(plant, 5, 10);
    for (int step = 0; step < 30; ++step) {
        plant.append(crowd.next());
        plant.historian().flush();
    }
    const auto reader = plant.historian().open_reader();
    std::mt19937_64 random(3);
    for (int round = 0; round < 500; ++round) {
        const SeriesId id = static_cast<SeriesId>(random() % 10) * 37;
        const auto& rows = plant.arrived(id);
        if (rows.empty()) continue;
        const auto time = rows[random() % rows.size()].time;
        SampleRange range;
        range.series = id;
        range.from = kLeast;
        range.to = time;
        range.newest_first = true;
        auto wanted = expected(rows, range);
        if (wanted.size() > 1) wanted.resize(1);
        Collector found(plant.type(id));
        reader->read_before(id, time, found);
        ASSERT_EQ(found.rows, wanted);
    }
}

TEST(Archive, OrdersEqualTimesAsTheyCameHoweverTheyWereStored) {
    Plant plant;
    plant.define(1, ValueType::int64);
    std::uint64_t word = 0;
    // Turns of few and many rows, all of one time: few wait in bundles while many become chunks at once.
    for (int step = 0; step < 60; ++step) {
        std::vector<Row> rows(step % 3 == 1 ? 700 : 30, Row{.time = 1'000'000});
        for (auto& row : rows) row.word = ++word;
        plant.append({{1, rows}});
        plant.historian().flush();
        if (step % 17 == 16) plant.tidy_all();
    }
    plant.tidy_all();
    plant.expect_all();
}

TEST(Archive, KeepsTheStateOfAReaderWhileMoreIsStored) {
    Plant plant;
    plant.define(1, ValueType::int64);
    plant.append({{1, {{.time = 1, .word = 1}}}});
    plant.historian().flush();
    const auto reader = plant.historian().open_reader();
    EXPECT_EQ(reader->position(), plant.position());
    plant.append({{1, {{.time = 2, .word = 2}}}});
    plant.historian().flush();
    SampleRange range;
    range.series = 1;
    range.from = 0;
    range.to = 100;
    EXPECT_EQ(plant.read(*reader, range).size(), 1);
    EXPECT_EQ(plant.read(*plant.historian().open_reader(), range).size(), 2);
}

TEST(Archive, WritesNothingForSeriesThatAreAsTheyWere) {
    Plant plant;
    for (SeriesId id = 0; id < 100; ++id) plant.define(id, ValueType::float64);
    const auto size = [&] { return std::filesystem::file_size(plant.folder() / "archive.db-wal"); };
    const auto before = size();
    for (SeriesId id = 0; id < 100; ++id) plant.define(id, ValueType::float64);
    EXPECT_EQ(size(), before);
    plant.define(7, ValueType::float64, std::chrono::hours(24));
    EXPECT_GT(size(), before);
}

TEST(Archive, StoresNothingOfWhatWasNotFlushed) {
    Plant plant;
    plant.define(1, ValueType::int64);
    plant.append({{1, {{.time = 1, .word = 1}}}});
    EXPECT_EQ(plant.historian().persisted(), 0);
    SqliteHistorian after_a_kill{Options{}};
    EXPECT_EQ(after_a_kill.open(plant.folder()), 0);
}

// Summaries and the rows between them, added up, must say what all rows say.
class Adder final : public SummarySink {
public:
    bool take(const SampleSummary& summary) override {
        EXPECT_GE(summary.first_time, last_time);
        last_time = summary.last_time;
        ++summaries;
        count += summary.count;
        bad += summary.bad;
        if (!std::isnan(summary.minimum)) minimum = std::min(minimum, summary.minimum);
        if (!std::isnan(summary.maximum)) maximum = std::max(maximum, summary.maximum);
        spans.emplace_back(summary.first_time, summary.last_time);
        return true;
    }
    bool take(const SampleView& samples) override {
        for (std::size_t i = 0; i < samples.size(); ++i) {
            EXPECT_GE(samples.time[i], last_time);
            last_time = samples.time[i];
            ++count;
            const auto value = double_of(samples.word[i]);
            if (is_bad(status_quality(samples.status[i])) || std::isnan(value)) {
                ++bad;
                continue;
            }
            minimum = std::min(minimum, value);
            maximum = std::max(maximum, value);
        }
        return true;
    }
    std::int64_t last_time = kLeast;
    std::uint64_t summaries = 0, count = 0, bad = 0;
    double minimum = std::numeric_limits<double>::infinity(), maximum = -std::numeric_limits<double>::infinity();
    std::vector<std::pair<std::int64_t, std::int64_t>> spans;
};

TEST(Archive, SummarisesWhatItDoesNotDecodeAndLosesNoExtreme) {
    Plant plant;
    plant.define(1, ValueType::float64);
    std::mt19937_64 random(8);
    for (int step = 0; step < 20; ++step) {
        std::vector<Row> rows;
        for (int i = 0; i < 3000; ++i) {
            Row row{.time = (std::int64_t{step} * 3000 + i) * 100'000'000,
                    .word = word_of(static_cast<double>(random() % 10'000) / 10)};
            if (random() % 50 == 0) row = {.time = row.time, .quality = status_word(QualityCode::bad_timeout)};
            rows.push_back(row);
        }
        plant.append({{1, rows}});
        plant.historian().flush();
    }
    const auto reader = plant.historian().open_reader();
    for (const std::int64_t columns : {1, 7, 20}) {
        SampleRange range;
        range.series = 1;
        range.from = 500'000'000;
        range.to = std::int64_t{60'000} * 100'000'000 - 700'000'000;
        const auto cell = (range.to - range.from) / columns + 1;
        Adder adder;
        reader->summarise(range, Duration(cell), adder);
        Adder whole;
        OwnedColumns all;
        for (const auto& row : expected(plant.arrived(1), range)) all.add(row, ValueType::float64);
        whole.take(all.view());
        EXPECT_GT(adder.summaries, 30);
        EXPECT_EQ(adder.count, whole.count);
        EXPECT_EQ(adder.bad, whole.bad);
        EXPECT_EQ(adder.minimum, whole.minimum);
        EXPECT_EQ(adder.maximum, whole.maximum);
        for (const auto& [first, last] : adder.spans) {
            EXPECT_GE(first, range.from);
            EXPECT_LT(last, range.to);
            EXPECT_EQ((first - range.from) / cell, (last - range.from) / cell) << "a summary crosses a cell's border";
        }
    }
}

}  // namespace
}  // namespace penstock::sqlite
