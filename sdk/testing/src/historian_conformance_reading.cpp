#include "historian_conformance_parts.hpp"

#include <algorithm>
#include <atomic>
#include <cmath>
#include <thread>

namespace penstock::testing {

using namespace detail;

void detail::link_historian_reading_tests() {}

TEST_P(HistorianConformance, ReadsFromTheFirstTimeToBeforeTheLast) {
    define_numbers();
    rig().append({{1, row(kBegin, 1.0)}, {1, row(kBegin + 10, 2.0)}, {1, row(kBegin + 10, 3.0)}, {1, row(kBegin + 20, 4.0)}});
    rig().flush();
    const auto count = [&](std::int64_t from, std::int64_t to) {
        return rig().read({.series = 1, .from = kBegin + from, .to = kBegin + to}).size();
    };
    EXPECT_EQ(count(0, 21), 4U);
    EXPECT_EQ(count(0, 20), 3U);
    EXPECT_EQ(count(0, 10), 1U);
    EXPECT_EQ(count(10, 11), 2U);
    EXPECT_EQ(count(1, 10), 0U);
    EXPECT_EQ(count(11, 21), 1U);
    EXPECT_EQ(count(10, 10), 0U);
    EXPECT_EQ(count(20, 0), 0U);
    EXPECT_EQ(count(21, 1000), 0U);
}

TEST_P(HistorianConformance, ReadsAnyRangeFromAnyRowInBothDirections) {
    define_numbers();
    std::mt19937_64 random(4);
    auto time = kBegin;
    for (int i = 0; i < 40; ++i) {
        rig().append(random_rows(random, 100, time));
        if (i % 7 == 0) rig().flush();
    }
    rig().flush();
    const auto reader = rig().open_reader();
    for (int i = 0; i < 100; ++i) {
        const auto span = static_cast<std::uint64_t>(time - kBegin + 1);
        const auto from = kBegin + static_cast<std::int64_t>(random() % span),
                   to = kBegin + static_cast<std::int64_t>(random() % span);
        auto wanted = rig().expected(1, UINT64_MAX, from, to);
        const bool newest_first = i % 2 == 0;
        if (newest_first) std::ranges::reverse(wanted);
        const auto skip = i % 3 == 0 ? random() % (wanted.size() + 2) : 0;
        wanted.erase(wanted.begin(), wanted.begin() + static_cast<std::ptrdiff_t>(std::min<std::size_t>(skip, wanted.size())));
        EXPECT_EQ(reader.read({.series = 1, .from = from, .to = to, .skip = skip, .newest_first = newest_first}), wanted)
            << from << " to " << to << ", skip " << skip << (newest_first ? ", newest first" : "");
    }
}

TEST_P(HistorianConformance, GoesOnInTheMiddleOfEqualTimes) {
    define_numbers();
    for (int i = 0; i < 50; ++i) {
        rig().append({{1, row(kBegin, 1.0 * i)}});
        if (i % 10 == 9) rig().flush();
    }
    for (std::uint64_t skip = 0; skip <= 50; skip += 7) {
        const auto rows = rig().read({.series = 1, .from = kBegin, .to = kBegin + 1, .skip = skip});
        ASSERT_EQ(rows.size(), 50 - skip);
        EXPECT_EQ(rows.front().word, word_of(1.0 * static_cast<double>(skip)));
        const auto back = rig().read({.series = 1, .from = kBegin, .to = kBegin + 1, .skip = skip, .newest_first = true});
        ASSERT_EQ(back.size(), 50 - skip);
        EXPECT_EQ(back.front().word, word_of(49.0 - static_cast<double>(skip)));
    }
}

TEST_P(HistorianConformance, StopsWhenTheReceiverHasEnough) {
    define_numbers();
    std::vector<SeriesRow> rows;
    for (int i = 0; i < 20'000; ++i) rows.push_back({1, row(kBegin + i * kMillisecond, 0.01 * i)});
    rig().append(rows);
    rig().flush();
    const auto reader = rig().open_reader();
    const auto some = reader.read({.series = 1, .from = kBegin, .to = INT64_MAX}, 10);
    ASSERT_GE(some.size(), 10U);
    EXPECT_EQ(some.front().time, kBegin);
    EXPECT_EQ(reader.read({.series = 1, .from = kBegin, .to = INT64_MAX}).size(), 20'000U) << "a reader is used again";
}

TEST_P(HistorianConformance, FindsTheNewestRowBeforeATime) {
    define_numbers();
    rig().append({{1, row(kBegin, 1.0)}, {1, row(kBegin + 10, 2.0)}, {1, row(kBegin + 10, 3.0)}});
    rig().flush();
    rig().append({{1, bad_row(kBegin + 20, "the link broke")}, {1, row(kBegin + 5, 4.0)}, {1, row(kBegin + 10, 5.0)}});
    rig().flush();
    const auto reader = rig().open_reader();
    EXPECT_TRUE(reader.read_before(1, kBegin).empty());
    EXPECT_EQ(reader.read_before(1, kBegin + 1), (HistoryRows{row(kBegin, 1.0)}));
    EXPECT_EQ(reader.read_before(1, kBegin + 10), (HistoryRows{row(kBegin + 5, 4.0)}));
    EXPECT_EQ(reader.read_before(1, kBegin + 11), (HistoryRows{row(kBegin + 10, 5.0)})) << "of equal times the last to come";
    EXPECT_EQ(reader.read_before(1, INT64_MAX), (HistoryRows{bad_row(kBegin + 20, "the link broke")}));
    EXPECT_TRUE(reader.read_before(2, INT64_MAX).empty()) << "a series without rows";
    EXPECT_TRUE(reader.read_before(77, INT64_MAX).empty()) << "a series that was never defined";
}

TEST_P(HistorianConformance, FindsTheNewestRowBeforeAnyTime) {
    define_numbers();
    std::mt19937_64 random(8);
    auto time = kBegin;
    for (int i = 0; i < 30; ++i) {
        rig().append(random_rows(random, 100, time));
        if (i % 5 == 0) rig().flush();
    }
    rig().flush();
    const auto all = rig().expected(1);
    const auto reader = rig().open_reader();
    for (int i = 0; i < 200; ++i) {
        const auto at = kBegin + static_cast<std::int64_t>(random() % static_cast<std::uint64_t>(time - kBegin));
        const auto after = std::ranges::lower_bound(all, at, {}, &HistoryRow::time);
        const auto wanted = after == all.begin() ? HistoryRows{} : HistoryRows{*std::prev(after)};
        EXPECT_EQ(reader.read_before(1, at), wanted) << at;
    }
}

TEST_P(HistorianConformance, AReaderSeesOneStateWhileAppendsGoOn) {
    define_numbers();
    std::mt19937_64 random(2);
    auto time = kBegin;
    for (int i = 0; i < 20; ++i) rig().append(random_rows(random, 50, time));
    rig().flush();
    const auto reader = rig().open_reader();
    const auto wanted = rig().expected(1);
    std::atomic<bool> is_over = false;
    std::atomic<int> rounds = 0, wrong = 0;
    std::jthread reading([&] {
        while (!is_over.load() || rounds.load() == 0) {
            wrong +=
                reader.read({.series = 1, .from = INT64_MIN, .to = INT64_MAX}) == wanted && reader.position() == 20 ? 0 : 1;
            rounds += 1;
        }
    });
    for (int i = 0; i < 60; ++i) {
        rig().append(random_rows(random, 50, time));
        if (i % 6 == 5) rig().flush();
        if (i % 20 == 19) rig().tidy(utc_from_ns(time));
    }
    is_over = true;
    reading.join();
    EXPECT_EQ(wrong.load(), 0) << "of " << rounds.load() << " reads";
    EXPECT_EQ(reader.position(), 20U);
    rig().expect_everything();
}

TEST_P(HistorianConformance, ManyReadersReadAtOnce) {
    define_numbers();
    std::mt19937_64 random(3);
    auto time = kBegin;
    for (int i = 0; i < 20; ++i) rig().append(random_rows(random, 100, time));
    rig().flush();
    const auto wanted = rig().expected(1);
    std::vector<ReaderRig> readers;
    for (int i = 0; i < 4; ++i) readers.push_back(rig().open_reader());
    std::atomic<int> wrong = 0;
    {
        std::vector<std::jthread> threads;
        for (const auto& reader : readers) {
            threads.emplace_back([&wrong, &wanted, &reader] {
                for (int i = 0; i < 10; ++i)
                    wrong += reader.read({.series = 1, .from = INT64_MIN, .to = INT64_MAX}) == wanted ? 0 : 1;
            });
        }
    }
    EXPECT_EQ(wrong.load(), 0);
}

namespace {

bool is_close(double a, double b) {
    return (std::isnan(a) && std::isnan(b)) || a == b || std::abs(a - b) <= 1e-9 * std::max(std::abs(a), std::abs(b));
}

double number_of(const HistoryRow& row, ValueType type) {
    return is_bad(row.quality) ? std::numeric_limits<double>::quiet_NaN() : Value::from_word(type, row.word).as_double_or(0);
}

// From the words of SampleSummary.
void expect_summary(const SampleSummary& found, const HistoryRows& rows, ValueType type) {
    ASSERT_EQ(found.count, rows.size());
    std::uint64_t good = 0, bad = 0, transitions = 0;
    double minimum = std::numeric_limits<double>::quiet_NaN(), maximum = minimum, sum = 0, seconds = 0, before = minimum;
    auto worst = QualityLevel::good;
    for (std::size_t i = 0; i < rows.size(); ++i) {
        const auto value = number_of(rows[i], type);
        worst = std::max(worst, std::isnan(value) ? QualityLevel::bad : level(rows[i].quality));
        if (std::isnan(value)) {
            ++bad;
            continue;
        }
        good += is_good(rows[i].quality) ? 1 : 0;
        minimum = std::fmin(minimum, value);
        maximum = std::fmax(maximum, value);
        transitions += !std::isnan(before) && value != before ? 1 : 0;
        before = value;
        if (i + 1 == rows.size()) continue;
        const auto span = static_cast<double>(rows[i + 1].time - rows[i].time) / 1e9;
        sum += value * span;
        seconds += span;
    }
    EXPECT_EQ(found.first_time, rows.front().time);
    EXPECT_EQ(found.last_time, rows.back().time);
    EXPECT_EQ(found.good, good);
    EXPECT_EQ(found.bad, bad);
    EXPECT_EQ(level(found.worst), worst);
    EXPECT_TRUE(is_close(found.minimum, minimum)) << found.minimum << ", wanted " << minimum;
    EXPECT_TRUE(is_close(found.maximum, maximum)) << found.maximum << ", wanted " << maximum;
    EXPECT_TRUE(is_close(found.first, number_of(rows.front(), type)));
    EXPECT_TRUE(is_close(found.last, number_of(rows.back(), type)));
    EXPECT_TRUE(is_close(found.weighted_sum, sum)) << found.weighted_sum << ", wanted " << sum;
    EXPECT_TRUE(is_close(found.weighted_seconds, seconds)) << found.weighted_seconds << ", wanted " << seconds;
    EXPECT_EQ(found.transitions, transitions);
    if (!std::isnan(minimum)) {
        const auto has = [&](std::int64_t time, double value) {
            return std::ranges::any_of(rows,
                                       [&](const HistoryRow& r) { return r.time == time && number_of(r, type) == value; });
        };
        EXPECT_TRUE(has(found.minimum_time, found.minimum)) << "no sample has the minimum at that time";
        EXPECT_TRUE(has(found.maximum_time, found.maximum)) << "no sample has the maximum at that time";
    }
}

}  // namespace

TEST_P(HistorianConformance, SummariesSayWhatTheirRowsSay) {
    define_numbers();
    std::mt19937_64 random(9);
    auto time = kBegin;
    std::vector<SeriesRow> walk;
    for (int i = 0; i < 100; ++i) {
        auto rows = random_rows(random, 100, time);
        for (auto& entry : rows) entry.row.time = std::max(entry.row.time, kBegin);
        rows.push_back({4, row(time, Value(random() % 2 == 0))});
        rows.push_back({2, row(time, Value(static_cast<std::int64_t>(random() % 5)))});
        rig().append(rows);
        if (i % 30 == 0) rig().flush();
    }
    rig().flush();
    rig().tidy(utc_from_ns(time));
    const auto reader = rig().open_reader();
    if (!reader.has_summaries()) return;  // not offered
    std::uint64_t summaries = 0;
    for (int i = 0; i < 60; ++i) {
        const SeriesId series = i % 5 == 0 ? 4 : i % 5 == 1 ? 2 : 1;
        const auto type = series == 4 ? ValueType::boolean : series == 2 ? ValueType::int64 : ValueType::float64;
        const auto span = static_cast<std::uint64_t>(time - kBegin);
        const auto from = kBegin + static_cast<std::int64_t>(random() % (span / 2));
        const auto to = from + static_cast<std::int64_t>(random() % (span / 2));
        // From less than a stretch that anybody would sum up to more than all there is.
        const auto most_span =
            Duration(static_cast<std::int64_t>(1 + random() % (i % 3 == 0 ? std::uint64_t{20'000'000'000} : span)));
        const auto wanted = rig().expected(series, UINT64_MAX, from, to);
        std::size_t at = 0;
        for (const auto& piece : reader.summarise({.series = series, .from = from, .to = to}, most_span)) {
            const auto count = piece.is_summary ? static_cast<std::size_t>(piece.summary.count) : piece.rows.size();
            ASSERT_LE(at + count, wanted.size()) << "more samples than there are in the range";
            const HistoryRows stretch(wanted.begin() + static_cast<std::ptrdiff_t>(at),
                                      wanted.begin() + static_cast<std::ptrdiff_t>(at + count));
            at += count;
            if (!piece.is_summary) {
                ASSERT_EQ(piece.rows, stretch);
                continue;
            }
            ++summaries;
            EXPECT_LE(piece.summary.last_time - piece.summary.first_time, most_span.count());
            ASSERT_NO_FATAL_FAILURE(expect_summary(piece.summary, stretch, type));
        }
        EXPECT_EQ(at, wanted.size()) << "summaries and rows together are all of the range";
    }
    EXPECT_GT(summaries, 0U) << "it says that it has summaries, and gave none";
}

}  // namespace penstock::testing
