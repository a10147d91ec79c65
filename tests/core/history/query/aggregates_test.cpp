// Aggregates against a table made from the standard, and against a second, naive implementation on random series.
#include "core/history/aggregates.hpp"

#include <cmath>
#include <fstream>
#include <map>
#include <optional>
#include <random>
#include <sstream>

#include <gtest/gtest.h>

namespace penstock::history {
namespace {

constexpr std::int64_t kSecond = 1'000'000'000;
constexpr std::int64_t kNoon = 1'700'000'000 * kSecond;

struct Row {
    std::int64_t time;
    double value;
    QualityCode quality;
};

// Columns of rows, for a calculator.
class Series {
public:
    Series(const std::vector<Row>& rows, ValueType type) {
        for (const auto& row : rows) {
            time_.push_back(row.time);
            status_.push_back(status_word(row.quality));
            word_.push_back(is_bad(row.quality)          ? 0
                            : type == ValueType::boolean ? static_cast<std::uint64_t>(row.value)
                                                         : word_of(row.value));
        }
    }
    [[nodiscard]] SampleView view() const { return {time_, status_, word_, {}, {}}; }

private:
    std::vector<std::int64_t> time_;
    std::vector<StatusWord> status_;
    std::vector<std::uint64_t> word_;
};

// Feeds a calculator as a query does.
void feed(AggregateCalculator& calculator, const std::vector<Row>& rows, const Intervals& intervals, ValueType type) {
    std::vector<Row> before, within, after;
    for (const auto& row : rows) (row.time < intervals.from ? before : row.time < intervals.to ? within : after).push_back(row);
    std::reverse(before.begin(), before.end());
    for (const auto& row : before) {
        if (!calculator.look_back(Series({row}, type).view())) break;
    }
    const Series middle(within, type);
    calculator.add(middle.view());
    for (const auto& row : after) {
        if (!calculator.look_ahead(Series({row}, type).view())) break;
    }
}

// --- the committed table ---
std::vector<std::string> cells_of(const std::string& line) {
    std::vector<std::string> cells;
    std::stringstream text(line);
    for (std::string cell; std::getline(text, cell, ',');) cells.push_back(cell);
    return cells;
}
std::vector<std::vector<std::string>> read_table(const std::string& name) {
    std::ifstream file(std::string(PENSTOCK_SOURCE_DIR "/tests/core/history/query/part13/") + name);
    EXPECT_TRUE(file) << name;
    std::vector<std::vector<std::string>> rows;
    std::string line;
    std::getline(file, line);
    while (std::getline(file, line)) rows.push_back(cells_of(line));
    return rows;
}
QualityCode quality_of(const std::string& word) {
    static const std::map<std::string, QualityCode> words{{"good", QualityCode::good},
                                                          {"uncertain", QualityCode::uncertain},
                                                          {"bad", QualityCode::bad},
                                                          {"sub_normal", QualityCode::uncertain_data_sub_normal},
                                                          {"no_data", QualityCode::bad_no_data}};
    return words.at(word);
}
std::vector<Row> historian(const std::string& number) {
    std::vector<Row> rows;
    for (const auto& cells : read_table("historian" + number + ".csv"))
        rows.push_back({kNoon + std::stoll(cells.at(0)) * kSecond, std::stod(cells.at(1)), quality_of(cells.at(2))});
    return rows;
}
AggregateOptions options_of(const std::string& number) {
    AggregateOptions options;
    options.is_stepped = number == "3" || number == "4";
    options.treat_uncertain_as_bad = number != "1";
    if (number == "3") options.percent_good = options.percent_bad = 50;
    return options;
}
double value_of(const AggregateRow& row, ValueType type) {
    return type == ValueType::float64 ? double_of(row.word) : static_cast<double>(row.word);
}

TEST(Aggregates, AreThoseOfTheStandard) {
    const auto table = read_table("expected.csv");
    EXPECT_GE(table.size(), 150U);
    std::map<Aggregate, int> covered;
    for (const auto& cells : table) {
        const auto& number = cells.at(1);
        const auto type = number == "4" ? ValueType::boolean : ValueType::float64;
        const auto aggregate = parse_aggregate(cells.at(2));
        ASSERT_NE(aggregate, Aggregate::none) << cells.at(2);
        ++covered[aggregate];
        const auto interval = std::stoll(cells.at(3)) * kSecond;
        const auto width = 100 * kSecond;
        const Intervals intervals{kNoon, kNoon + width, interval, static_cast<std::size_t>((width + interval - 1) / interval)};
        AggregateCalculator calculator(type, intervals, options_of(number));
        feed(calculator, historian(number), intervals, type);
        const auto row = calculator.result(aggregate, static_cast<std::size_t>(std::stoll(cells.at(4))));

        const auto what = cells.at(0) + ", historian " + number + ", " + cells.at(2) + ", interval " + cells.at(4);
        EXPECT_EQ((row.time - kNoon) / kSecond, std::stoll(cells.at(5))) << what;
        EXPECT_EQ(to_string(row.quality), to_string(quality_of(cells.at(7)))) << what;
        EXPECT_EQ(row.is_partial, cells.size() > 8 && cells[8] == "P") << what;
        if (cells.at(6) == "-")
            EXPECT_EQ(row.word, 0U) << what;
        else
            EXPECT_NEAR(value_of(row, aggregate_type(aggregate, type).value()), std::stod(cells.at(6)), 0.0006) << what;
    }
    EXPECT_EQ(covered.size(), static_cast<std::size_t>(Aggregate::standard_deviation))
        << "an aggregate has no row in the table";
}

// --- the naive implementation: each result from all rows, from the words of its rule ---
struct Naive {
    std::vector<Row> rows;  // in order of time
    AggregateOptions options;
    std::int64_t from, to, interval;

    struct Out {
        bool has_value = false;
        double value = 0;
        bool is_good = true;
    };
    [[nodiscard]] bool is_bad_row(const Row& row) const { return is_bad(row.quality) || std::isnan(row.value); }
    [[nodiscard]] bool usable(const Row& row) const {
        return !is_bad_row(row) && (is_good(row.quality) || !options.treat_uncertain_as_bad);
    }
    [[nodiscard]] std::vector<Row> in(std::int64_t begin, std::int64_t end) const {
        std::vector<Row> found;
        for (const auto& row : rows)
            if (row.time >= begin && row.time < end) found.push_back(row);
        return found;
    }
    // Area under the curve in [begin, end), a piece between neighbouring usable samples at a time.
    Out area(std::int64_t begin, std::int64_t end, bool is_average) const {
        std::vector<Row> points;
        for (const auto& row : rows)
            if (usable(row)) points.push_back(row);
        double sum = 0, seconds = 0;
        bool is_certain = true;
        const auto last_row = rows.empty() ? from : rows.back().time;
        for (std::size_t i = 0; i < points.size(); ++i) {
            const auto& p = points[i];
            const bool is_last = i + 1 == points.size();
            const auto until = is_last ? to : points[i + 1].time;
            // millisecond by millisecond would be the definition; the curve is straight between the cuts below
            std::vector<std::int64_t> cuts{std::max(begin, p.time), std::min(end, until)};
            for (const auto& row : rows)
                if (row.time > cuts[0] && row.time < cuts[1]) cuts.push_back(row.time);
            if (is_last && last_row > cuts[0] && last_row < cuts[1]) cuts.push_back(last_row);
            if (cuts[0] >= cuts[1]) continue;
            std::sort(cuts.begin(), cuts.end());
            for (std::size_t c = 0; c + 1 < cuts.size(); ++c) {
                const auto a = cuts[c], b = cuts[c + 1];
                const auto width = static_cast<double>(b - a) / 1e9;
                const bool has_slope = !options.is_stepped && !is_last;
                const auto at = [&](std::int64_t t) {
                    if (!has_slope) return p.value;
                    const auto& q = points[i + 1];
                    if (q.time == p.time) return p.value;
                    return p.value
                           + (q.value - p.value) * static_cast<double>(t - p.time) / static_cast<double>(q.time - p.time);
                };
                sum += (at(a) + at(b)) / 2 * width;
                seconds += width;
                bool skipped = false;
                for (const auto& row : rows) {
                    if (usable(row) || row.time < p.time) continue;
                    const bool between = is_last || row.time < until || (row.time == until && false);
                    if (options.is_stepped ? row.time <= a && between : between) skipped = true;
                }
                // rows of the same time as p count only if they came after it; random rows have times of their own
                is_certain = is_certain && !skipped && is_good(p.quality);
                if (has_slope) is_certain = is_certain && is_good(points[i + 1].quality);
                if (is_last && (!options.is_stepped || a >= last_row)) is_certain = false;
            }
        }
        if (seconds == 0) return {};
        return {true, is_average ? sum / seconds : sum, is_certain};
    }
    Out result(Aggregate aggregate, std::size_t k) const {
        const auto begin = from + static_cast<std::int64_t>(k) * interval;
        const auto end = std::min(to, begin + interval);
        const auto samples = in(begin, end);
        std::vector<double> good, used;
        double worst = 0;
        for (const auto& row : samples) {
            if (usable(row)) used.push_back(row.value);
            if (!is_bad_row(row) && is_good(row.quality)) good.push_back(row.value);
            worst = std::max(worst, is_bad_row(row) ? 2.0 : static_cast<double>(level(row.quality)));
        }
        const auto sum = [](const std::vector<double>& values) {
            double total = 0;
            for (const auto value : values) total += value;
            return total;
        };
        const auto some = [](bool has, double value) { return has ? Out{true, value, true} : Out{}; };
        switch (aggregate) {
            case Aggregate::average:
                return some(!used.empty(), used.empty() ? 0 : sum(used) / static_cast<double>(used.size()));
            case Aggregate::minimum: return some(!good.empty(), good.empty() ? 0 : *std::min_element(good.begin(), good.end()));
            case Aggregate::maximum: return some(!good.empty(), good.empty() ? 0 : *std::max_element(good.begin(), good.end()));
            case Aggregate::range:
                return some(!good.empty(), good.empty() ? 0
                                                        : *std::max_element(good.begin(), good.end())
                                                              - *std::min_element(good.begin(), good.end()));
            case Aggregate::delta: return some(!good.empty(), good.empty() ? 0 : good.back() - good.front());
            case Aggregate::first:
            case Aggregate::last: {
                std::vector<double> there;
                for (const auto& row : samples)
                    if (!is_bad_row(row)) there.push_back(row.value);
                return some(!there.empty(), there.empty() ? 0 : aggregate == Aggregate::first ? there.front() : there.back());
            }
            case Aggregate::standard_deviation: {
                if (good.empty()) return {};
                const auto mean = sum(good) / static_cast<double>(good.size());
                double squares = 0;
                for (const auto value : good) squares += (value - mean) * (value - mean);
                return {true, good.size() < 2 ? 0 : std::sqrt(squares / static_cast<double>(good.size() - 1)), true};
            }
            case Aggregate::time_average: return area(begin, end, true);
            case Aggregate::total: return area(begin, end, false);
            case Aggregate::worst_quality: {
                if (samples.empty()) return {};
                return {true, worst, true};
            }
            default: return {};
        }
    }
    // Seconds in [begin, end) that are held by samples for which `is_so`.
    template <class Predicate>
    double held(std::int64_t begin, std::int64_t end, Predicate is_so) const {
        double seconds = 0;
        for (std::size_t i = 0; i + 1 < rows.size(); ++i) {
            if (!is_so(rows[i])) continue;
            const auto a = std::max(begin, rows[i].time), b = std::min(end, rows[i + 1].time);
            if (a < b) seconds += static_cast<double>(b - a) / 1e9;
        }
        return seconds;
    }
    [[nodiscard]] std::uint64_t transitions(std::int64_t begin, std::int64_t end) const {
        std::optional<double> last;
        std::uint64_t count = 0;
        for (const auto& row : rows) {
            if (!usable(row)) continue;
            const bool differs = !last || *last != row.value;
            if (differs && row.time >= begin && row.time < end) ++count;
            last = row.value;
        }
        return count;
    }
};

// Gaps, NaN, bad and uncertain samples; arrival reversed, so that the order is made anew as a view does.
std::vector<Row> random_rows(std::mt19937_64& random) {
    std::map<std::int64_t, Row> rows;
    const auto count = random() % 80;
    for (std::size_t n = 0; n < count; ++n) {
        const auto time = kNoon + static_cast<std::int64_t>(random() % 200'000) * 1'000'000 - 50 * kSecond;
        const auto kind = random() % 10;
        const auto value = kind == 0 ? std::nan("") : static_cast<double>(random() % 5) - (kind == 1 ? 0.25 : 0);
        const auto quality = kind == 2   ? QualityCode::bad_timeout
                             : kind == 3 ? QualityCode::uncertain_substitute
                             : kind == 4 ? QualityCode::bad
                                         : QualityCode::good;
        rows.insert_or_assign(time, Row{time, value, quality});
    }
    std::vector<Row> sorted;
    for (const auto& [time, row] : rows) sorted.push_back(row);
    return sorted;
}

TEST(Aggregates, OfAThousandRandomSeriesEqualTheNaiveOnes) {
    std::size_t compared = 0;
    for (std::uint64_t seed = 0; seed < 1'000; ++seed) {
        std::mt19937_64 random(seed);
        Naive naive{
            random_rows(random), {}, kNoon, kNoon + 100 * kSecond, static_cast<std::int64_t>(1 + random() % 40) * kSecond};
        naive.options.is_stepped = random() % 2 == 0;
        naive.options.treat_uncertain_as_bad = random() % 2 == 0;
        const auto width = naive.to - naive.from;
        const Intervals intervals{naive.from, naive.to, naive.interval,
                                  static_cast<std::size_t>((width + naive.interval - 1) / naive.interval)};
        AggregateCalculator calculator(ValueType::float64, intervals, naive.options);
        feed(calculator, naive.rows, intervals, ValueType::float64);
        for (std::size_t k = 0; k < intervals.count; ++k) {
            for (const auto aggregate : {Aggregate::average, Aggregate::minimum, Aggregate::maximum, Aggregate::range,
                                         Aggregate::delta, Aggregate::first, Aggregate::last, Aggregate::standard_deviation,
                                         Aggregate::time_average, Aggregate::total}) {
                const auto row = calculator.result(aggregate, k);
                const auto wanted = naive.result(aggregate, k);
                const auto what = "seed " + std::to_string(seed) + ", interval " + std::to_string(k) + ", "
                                  + std::string(to_string(aggregate));
                ASSERT_EQ(!is_bad(row.quality), wanted.has_value) << what;
                if (!wanted.has_value) continue;
                ASSERT_NEAR(double_of(row.word), wanted.value, 1e-9) << what;
                if (aggregate == Aggregate::time_average) ASSERT_EQ(is_good(row.quality), wanted.is_good) << what;
                ++compared;
            }
            const auto begin = intervals.begin(k), end = intervals.end(k);
            const auto seconds = static_cast<double>(end - begin) / 1e9;
            const auto good = calculator.result(Aggregate::percent_good, k);
            if (!is_bad(good.quality)) {
                const auto held = naive.held(begin, end, [&](const Row& row) { return naive.usable(row); });
                ASSERT_NEAR(double_of(good.word), held / seconds * 100, 1e-6) << "seed " << seed << " interval " << k;
                ASSERT_NEAR(double_of(calculator.result(Aggregate::percent_bad, k).word), 100 - held / seconds * 100, 1e-6);
            }
            const auto zero = calculator.result(Aggregate::duration_in_state_zero, k);
            if (!is_bad(zero.quality))
                ASSERT_NEAR(double_of(zero.word),
                            naive.held(begin, end, [&](const Row& row) { return naive.usable(row) && row.value == 0; }), 1e-6);
            const auto transitions = calculator.result(Aggregate::transitions, k);
            if (!is_bad(transitions.quality))
                ASSERT_EQ(transitions.word, naive.transitions(begin, end)) << "seed " << seed << " interval " << k;
            const auto count = calculator.result(Aggregate::count, k);
            const auto samples = naive.in(begin, end);
            if (!is_bad(count.quality))
                ASSERT_EQ(count.word, static_cast<std::uint64_t>(std::count_if(
                                          samples.begin(), samples.end(), [&](const Row& row) { return naive.usable(row); })));
        }
    }
    EXPECT_GT(compared, 20'000U);
}

TEST(Aggregates, OfIntegersKeepAllBits) {
    const Intervals intervals{0, 10, 10, 1};
    AggregateCalculator calculator(ValueType::int64, intervals, {});
    const std::vector<std::int64_t> time{1, 2, 3};
    const std::vector<StatusWord> status(3, 0);
    const std::vector<std::uint64_t> word{(std::uint64_t{1} << 62U) + 1, std::uint64_t{1} << 62U,
                                          (std::uint64_t{1} << 62U) + 2};
    calculator.add({time, status, word, {}, {}});
    EXPECT_EQ(calculator.result(Aggregate::minimum, 0).word, word[1]);
    EXPECT_EQ(calculator.result(Aggregate::maximum, 0).word, word[2]);
    EXPECT_EQ(double_of(calculator.result(Aggregate::range, 0).word), 2);
}

TEST(Aggregates, OfStringsAreThoseWithoutNumbers) {
    EXPECT_EQ(aggregate_type(Aggregate::last, ValueType::string).value(), ValueType::string);
    EXPECT_EQ(aggregate_type(Aggregate::count, ValueType::string).value(), ValueType::uint64);
    const auto refused = aggregate_type(Aggregate::average, ValueType::string);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().sentence(), "the aggregate average needs numbers; the tag is string");
}

TEST(Aggregates, OnAStepHoldAsLongAsNothingElseHappened) {
    const Intervals intervals{0, 100, 10, 10};
    AggregateOptions options;
    options.known_until = 55;
    AggregateCalculator calculator(ValueType::float64, intervals, options);
    const Series series({{3, 7, QualityCode::good}}, ValueType::float64);
    calculator.add(series.view());
    EXPECT_EQ(calculator.result(Aggregate::time_average, 3).quality, QualityCode::good);
    EXPECT_EQ(calculator.result(Aggregate::time_average, 5).quality, QualityCode::uncertain_data_sub_normal);
    EXPECT_TRUE(calculator.result(Aggregate::time_average, 5).is_partial);
}

}  // namespace
}  // namespace penstock::history
