#include "historian_conformance_parts.hpp"

#include <limits>

namespace penstock::testing {

using namespace detail;

std::vector<SeriesRow> detail::random_rows(std::mt19937_64& random, std::size_t count, std::int64_t& time) {
    std::vector<SeriesRow> rows;
    for (std::size_t i = 0; i < count; ++i) {
        time += static_cast<std::int64_t>(random() % 3) * 500 * kMillisecond;  // sometimes equal
        const auto late = random() % 20 == 0 ? static_cast<std::int64_t>(random() % 600) * kSecond : 0;
        auto next = row(time - late, static_cast<double>(static_cast<std::int64_t>(random() % 2000) - 1000) / 100.0);
        if (random() % 25 == 0) next.quality = QualityCode::uncertain_range_exceeded;
        if (random() % 50 == 0) next = bad_row(next.time, random() % 2 == 0 ? "the link broke" : "the device did not answer");
        rows.push_back({static_cast<SeriesId>(1), std::move(next)});
    }
    return rows;
}

void PrintTo(const HistorianKit& kit, std::ostream* out) { *out << kit.settings; }

HistorianKit checked_kit(HistorianKit kit, HistorianRig::Factory factory) {
    link_historian_reading_tests();
    link_historian_crash_tests();
    link_historian_upkeep_tests();
    kit.factory = factory;
    return kit;
}

void HistorianConformance::SetUp() { rig_ = std::make_unique<HistorianRig>(GetParam().factory, GetParam().settings); }

void HistorianConformance::define_numbers() {
    rig().define({series_of(1, "level", ValueType::float64), series_of(2, "count", ValueType::int64),
                  series_of(3, "total", ValueType::uint64), series_of(4, "running", ValueType::boolean)});
}

TEST_P(HistorianConformance, BeginsEmptyAtPositionZero) {
    EXPECT_EQ(rig().persisted(), 0U);
    const auto reader = rig().open_reader();
    EXPECT_EQ(reader.position(), 0U);
    EXPECT_TRUE(reader.read({.series = 1, .from = INT64_MIN, .to = INT64_MAX}).empty());
    EXPECT_TRUE(reader.read_before(1, INT64_MAX).empty());
}

TEST_P(HistorianConformance, GivesBackWhatWasAppended) {
    define_numbers();
    for (int i = 0; i < 10; ++i) {
        const auto time = kBegin + i * kSecond;
        rig().append(
            {{1, row(time, 0.5 * i)}, {2, row(time, Value(-i))}, {4, row(time, Value(i % 2 == 0))}, {1, row(time + 1, 7.0)}});
    }
    rig().expect_everything();
}

TEST_P(HistorianConformance, KeepsEveryBitOfEveryValue) {
    const auto nan = [](std::uint64_t payload) { return Value(double_of(0x7FF8'0000'0000'0000U | payload)); };
    using Limits = std::numeric_limits<double>;
    const std::map<ValueType, std::vector<Value>> values{
        {ValueType::boolean, {true, false, true}},
        {ValueType::int64, {0, -1, 9'007'199'254'740'993, INT64_MIN, INT64_MAX, INT64_MIN, 5}},
        {ValueType::uint64, {0U, UINT64_MAX, 9'007'199'254'740'993U, UINT64_MAX, 1U}},
        {ValueType::float64,
         {0.0, -0.0, 0.1, 1.0 / 3.0, Limits::denorm_min(), -Limits::denorm_min(), Limits::min(), Limits::max(),
          Limits::lowest(), Limits::infinity(), -Limits::infinity(), nan(0), nan(0xBEEF), 9'007'199'254'740'992.0,
          6.0 / 27648 * 13'001, 21.37}},
        {ValueType::string,
         {"", "off", std::string(64 * 1024, 'x'), "Höhe \xE2\x82\xAC \xF0\x9F\x92\xA7", std::string("a\0b", 3), ""}},
        {ValueType::boolean_array, {std::vector<bool>{true, false, true}, std::vector<bool>{}}},
        {ValueType::int64_array, {std::vector<std::int64_t>{INT64_MIN, 0, INT64_MAX}, std::vector<std::int64_t>{}}},
        {ValueType::uint64_array, {std::vector<std::uint64_t>{UINT64_MAX, 0}}},
        {ValueType::float64_array, {std::vector<double>{-0.0, 0.1, Limits::infinity()}, std::vector<double>(8192, 1.5)}},
        {ValueType::string_array, {std::vector<std::string>{"one", "", "drei"}}},
    };
    SeriesId id = 0;
    std::vector<SeriesInfo> series;
    std::vector<SeriesRow> rows;
    for (const auto& [type, list] : values) {
        series.push_back(series_of(++id, to_string(type), type));
        auto time = kBegin;
        for (const auto& value : list) rows.push_back({id, row(time += kSecond, value)});
    }
    rig().define(series);
    rig().append(rows);
    rig().expect_everything();
    rig().crash();
    rig().expect_everything();
}

TEST_P(HistorianConformance, KeepsTimesFromEndToEnd) {
    define_numbers();
    std::vector<SeriesRow> rows;
    for (const auto time : {INT64_MIN + 1, std::int64_t{-1}, std::int64_t{0}, std::int64_t{1}, kBegin, kBegin + 1,
                            kBegin + kSecond, INT64_MAX - 1}) {
        rows.push_back({1, row(time, 1.5)});
        rows.push_back({2, row(time, Value(3))});
    }
    rig().append(rows);
    rig().expect_everything();
}

TEST_P(HistorianConformance, KeepsLateSamplesInOrderOfTimeThenArrival) {
    define_numbers();
    rig().append({{1, row(kBegin + 10, 1.0)}, {1, row(kBegin + 30, 2.0)}, {1, row(kBegin + 20, 3.0)}});
    rig().append({{1, row(kBegin + 10, 4.0)}, {1, row(kBegin + 5, 5.0)}});
    rig().flush();
    rig().append({{1, row(kBegin + 30, 6.0)}, {1, row(kBegin + 10, 7.0)}, {1, row(kBegin + 10, 7.0)}});
    rig().expect_everything();
    rig().append({{1, row(kBegin + 1, 8.0)}, {1, row(kBegin + 40, 9.0)}});
    rig().expect_everything();
}

TEST_P(HistorianConformance, KeepsBadSamplesWithoutValueAndWithTheirCauses) {
    rig().define({series_of(1, "level", ValueType::float64), series_of(5, "text", ValueType::string)});
    std::vector<SeriesRow> rows;
    for (int i = 0; i < 300; ++i) {
        const auto time = kBegin + i * kSecond;
        rows.push_back({1, i % 3 == 0 ? bad_row(time, "cause " + std::to_string(i)) : row(time, 1.0 * i)});
        rows.push_back({5, i % 7 == 0 ? bad_row(time, "", QualityCode::bad_timeout) : row(time, Value("state"))});
    }
    rows.push_back({1, row(kBegin + 1000 * kSecond, 4.0)});
    rows.back().row.quality = QualityCode::uncertain_source_time;
    rows.back().row.cause = "the clock of \"plc1\" is 3 s slow";
    rig().append(rows);
    rig().expect_everything();
    rig().append({{1, bad_row(kBegin + 2000 * kSecond, "the server was not running")}});
    rig().expect_everything();
    rig().crash();
    rig().expect_everything();
}

TEST_P(HistorianConformance, KeepsQualitiesThatItDoesNotKnow) {
    define_numbers();
    auto strange = row(kBegin, 1.0);
    strange.quality = static_cast<QualityCode>(0x40FE);
    rig().append({{1, strange}, {1, bad_row(kBegin + 1, "", static_cast<QualityCode>(0x80FE))}});
    rig().expect_everything();
}

TEST_P(HistorianConformance, FollowsTheJournalThroughBatchesWithoutRows) {
    define_numbers();
    rig().append({});
    rig().flush();
    EXPECT_EQ(rig().persisted(), 1U);
    rig().append({{1, row(kBegin, 1.0)}});
    rig().append({});
    rig().expect_everything();
    rig().crash();
    EXPECT_EQ(rig().persisted(), 3U);
}

TEST_P(HistorianConformance, TakesAHundredThousandSeries) {
    const auto count = GetParam().many_series;
    std::vector<std::string> names;
    std::vector<SeriesInfo> series;
    names.reserve(count);
    for (SeriesId id = 1; id <= count; ++id) {
        names.push_back("area" + std::to_string(id % 100) + ".point" + std::to_string(id));
        series.push_back(series_of(id, names.back(), id % 2 == 0 ? ValueType::float64 : ValueType::int64));
    }
    rig().define(series);
    for (int round = 0; round < 3; ++round) {
        std::vector<SeriesRow> rows;
        for (SeriesId id = 1; id <= count; ++id) {
            const auto time = kBegin + round * kSecond;
            rows.push_back(
                {id, id % 2 == 0 ? row(time, 0.25 * id + round) : row(time, Value(static_cast<std::int64_t>(id) + round))});
        }
        rig().append(rows);
        if (round == 1) rig().flush();
    }
    rig().expect_everything();
    rig().crash();
    rig().expect_everything();
}

}  // namespace penstock::testing
