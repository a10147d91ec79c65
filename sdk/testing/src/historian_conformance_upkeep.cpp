#include "historian_conformance_parts.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace penstock::testing {

using namespace detail;

void detail::link_historian_upkeep_tests() {}

TEST_P(HistorianConformance, TidyingChangesNothingThatAReaderSees) {
    define_numbers();
    std::mt19937_64 random(1);
    auto time = kBegin;
    for (int i = 0; i < 300; ++i) {
        auto rows = random_rows(random, 7, time);
        if (i % 50 == 0) rows.push_back({2, row(time, Value(i))});  // a tag that hardly ever changes
        rig().append(rows);
        if (i % 3 == 0) rig().flush();
        if (i % 40 == 0) rig().tidy(utc_from_ns(time));
    }
    rig().flush();
    rig().tidy(utc_from_ns(time));
    rig().expect_everything();
    rig().crash();
    rig().expect_everything();
}

TEST_P(HistorianConformance, DropsWhatRetentionNoLongerCovers) {
    auto kept_short = series_of(1, "level", ValueType::float64);
    kept_short.keep_raw = kept_short.keep_minutes = kept_short.keep_hours = std::chrono::hours(24);
    rig().define({kept_short, series_of(2, "count", ValueType::int64)});
    constexpr std::int64_t kHour = 3600 * kSecond;
    for (std::int64_t hour = 0; hour < 24 * 10; ++hour) {
        const auto time = kBegin + hour * kHour;
        rig().append({{1, row(time, 0.5)}, {2, row(time, Value(hour))}});
    }
    rig().flush();
    const auto now = kBegin + 240 * kHour;
    rig().tidy(utc_from_ns(now));
    const auto young = rig().read({.series = 1, .from = now - 23 * kHour, .to = INT64_MAX});
    EXPECT_EQ(young, rig().expected(1, UINT64_MAX, now - 23 * kHour));
    // Raw, then minutes, then hours, each a day; pieces go as a whole, so another three days may take until theirs is over.
    EXPECT_TRUE(rig().read({.series = 1, .from = INT64_MIN, .to = now - 144 * kHour}).empty())
        << "older than everything that is kept";
    EXPECT_EQ(rig().read_all(2), rig().expected(2)) << "another series keeps its own";
    rig().crash();
    EXPECT_EQ(rig().read({.series = 1, .from = now - 23 * kHour, .to = INT64_MAX}), young);
}

TEST_P(HistorianConformance, ARenamedSeriesKeepsItsRows) {
    define_numbers();
    rig().append({{1, row(kBegin, 1.0)}});
    rig().flush();
    auto renamed = series_of(1, "clear_tank.level", ValueType::float64);
    renamed.unit = "mm";
    renamed.step = 0.01;
    rig().define({renamed});
    rig().append({{1, row(kBegin + 1, 2.0)}});
    rig().expect_everything();
    rig().crash();
    rig().define({renamed});
    rig().append({{1, row(kBegin + 2, 3.0)}});
    rig().expect_everything();
}

TEST_P(HistorianConformance, ANewSeriesMayComeAtAnyTime) {
    define_numbers();
    rig().append({{1, row(kBegin, 1.0)}});
    rig().define({series_of(900'000, "late", ValueType::string)});
    rig().append({{900'000, row(kBegin, Value("here"))}, {1, row(kBegin + 1, 1.0)}});
    rig().expect_everything();
}

TEST_P(HistorianConformance, AHintOfTheScalingNeverChangesAValue) {
    auto scaled = series_of(1, "level", ValueType::float64);
    scaled.step = 6.0 / 27648;
    scaled.offset = 0;
    auto wrong = series_of(2, "flow", ValueType::float64);
    wrong.step = 0.1;
    wrong.offset = 3;
    auto silly = series_of(3, "silly", ValueType::float64);
    silly.step = std::numeric_limits<double>::quiet_NaN();
    silly.offset = std::numeric_limits<double>::infinity();
    rig().define({scaled, wrong, silly});
    std::mt19937_64 random(12);
    std::vector<SeriesRow> rows;
    for (int i = 0; i < 3000; ++i) {
        const auto time = kBegin + i * kSecond;
        rows.push_back({1, row(time, static_cast<double>(random() % 27649) * scaled.step)});
        rows.push_back({2, row(time, std::sin(i) * 100)});
        rows.push_back({3, row(time, 0.125 * i)});
    }
    rows.push_back({1, row(kBegin + 5000 * kSecond, 1.0 / 3.0)});
    rig().append(rows);
    rig().expect_everything();
}

TEST_P(HistorianConformance, TellsHowMuchItHolds) {
    define_numbers();
    for (int i = 0; i < 100; ++i) rig().append({{1, row(kBegin + i * kSecond, 1.5 * i)}});
    rig().flush();
    const auto status = rig().status();
    EXPECT_TRUE(status.samples == 0 || status.samples == 100) << status.samples;
}

TEST_P(HistorianConformance, CopiesItselfWhileAppendsGoOn) {
    if (!rig().has_backup()) return;  // not offered
    define_numbers();
    std::mt19937_64 random(7);
    auto time = kBegin;
    for (int i = 0; i < 50; ++i) rig().append(random_rows(random, 100, time));
    rig().flush();
    const auto before = rig().persisted();
    HistorianRig other(GetParam().factory, GetParam().settings);  // for its folder, which goes with it
    const auto copy = other.folder() / "copy";
    std::filesystem::create_directory(copy);
    int pieces = 0;
    while (rig().back_up(copy)) {
        ASSERT_LT(++pieces, 100'000) << "back_up() never comes to an end";
        rig().append(random_rows(random, 20, time));
        if (pieces % 3 == 0) rig().flush();
    }
    rig().expect_everything();
    if (!GetParam().opens_backups) return;
    const HistorianRig restored(GetParam().factory, GetParam().settings, copy);
    EXPECT_GE(restored.persisted(), before);
    EXPECT_LE(restored.persisted(), rig().persisted());
    EXPECT_EQ(restored.read_all(1), rig().expected(1, restored.persisted())) << "a copy is one state, with its position";
}

}  // namespace penstock::testing
