#include "tests/plugins/historians/sqlite/story.hpp"

#include <algorithm>
#include <chrono>
#include <limits>

namespace penstock::sqlite::testing {
namespace {

constexpr std::int64_t kSecond = 1'000'000'000;
constexpr std::int64_t kMinute = 60 * kSecond;
constexpr std::int64_t kBegin = 19'000 * 86'400 * kSecond;
constexpr std::int64_t kStep = 10 * kMinute;
constexpr Duration kLong = std::chrono::hours(24 * 36'500);

struct Part {
    SeriesId id;
    ValueType type;
    int rows;  // a step
    Duration keep_raw;
};
// Chunks at once; through bundles; late ones in between; texts; and one of which raw samples go.
constexpr std::array kParts = {Part{1, ValueType::uint64, 600, kLong}, Part{2, ValueType::int64, 5, kLong},
                               Part{70, ValueType::float64, 40, kLong}, Part{71, ValueType::string, 4, kLong},
                               Part{72, ValueType::float64, 60, std::chrono::hours(2)}};
constexpr SeriesId kLate = 2, kThinned = 72;

Row row_of(const Part& part, std::size_t step, int i) {
    Row row;
    row.time = kBegin + static_cast<std::int64_t>(step) * kStep + i * (kStep / part.rows);
    if (part.id == kLate && i == 3) row.time -= 3 * kStep;
    const auto mixed = (static_cast<std::uint64_t>(row.time / kSecond) ^ part.id) * 0xBF58'476D'1CE4'E5B9ULL;
    if (part.type == ValueType::string)
        row.text = "state " + std::to_string(mixed >> 60U);
    else
        row.word = part.type == ValueType::float64 ? word_of(static_cast<double>(mixed >> 50U) / 8) : mixed >> 44U;
    return row;
}

std::vector<Row> arrived(const Part& part, std::size_t steps) {
    std::vector<Row> rows;
    for (std::size_t step = 0; step < steps; ++step)
        for (int i = 0; i < part.rows; ++i) rows.push_back(row_of(part, step, i));
    return rows;
}

SampleRange whole(SeriesId series) {
    SampleRange range;
    range.series = series;
    range.from = std::numeric_limits<std::int64_t>::min();
    range.to = std::numeric_limits<std::int64_t>::max();
    return range;
}

// Of a series that was thinned: minutes without a hole, and after them all raw samples.
std::string fault_of_thinned(const std::vector<Row>& found, const std::vector<Row>& wanted) {
    const auto first_raw = std::ranges::find(found, std::string(), &Row::cause);
    const auto minutes = first_raw - found.begin();
    for (std::ptrdiff_t i = 0; i < minutes; ++i)
        if (found[static_cast<std::size_t>(i)].time != kBegin + i * kMinute) return "minute " + std::to_string(i) + " is wrong";
    const auto raw = std::ranges::lower_bound(wanted, kBegin + minutes * kMinute, {}, &Row::time);
    return difference({first_raw, found.end()}, {raw, wanted.end()});
}

}  // namespace

std::unique_ptr<SqliteHistorian> Story::open(const char* folder, const Options& options) {
    auto historian = std::make_unique<SqliteHistorian>(options);
    historian->open(folder);
    std::vector<std::string> names;
    for (const auto& part : kParts) names.push_back("tag" + std::to_string(part.id));
    std::vector<SeriesInfo> series;
    for (std::size_t i = 0; i < kParts.size(); ++i) {
        SeriesInfo info;
        info.id = kParts[i].id;
        info.name = names[i];
        info.type = kParts[i].type;
        info.keep_raw = kParts[i].keep_raw;
        info.keep_minutes = info.keep_hours = kLong;
        series.push_back(info);
    }
    historian->define(series);
    return historian;
}

void Story::append(Historian& historian, std::size_t step) const {
    OwnedColumns columns;
    std::vector<SeriesRun> runs;
    for (const auto& part : kParts) {
        runs.push_back({part.id, columns.size(), static_cast<std::uint32_t>(part.rows)});
        for (int i = 0; i < part.rows; ++i) columns.add(row_of(part, step, i), part.type);
    }
    HistoryBatch batch;
    batch.runs = runs;
    batch.samples = columns.view();
    batch.begin = step * kRecordsPerStep;
    batch.end = batch.begin + kRecordsPerStep;
    historian.append(batch);
}

UtcTime Story::time_after(std::size_t step) { return utc_from_ns(kBegin + static_cast<std::int64_t>(step + 1) * kStep); }

std::string Story::fault_of(Historian& historian) const {
    const auto position = historian.persisted();
    if (position % kRecordsPerStep != 0) return "its position is " + std::to_string(position);
    if (!historian.status().sentence.empty()) return historian.status().sentence;
    const auto reader = historian.open_reader();
    if (reader->position() != position) return "a reader's position is " + std::to_string(reader->position());
    for (const auto& part : kParts) {
        Collector collector(part.type);
        reader->read(whole(part.id), collector);
        const auto wanted = expected(arrived(part, position / kRecordsPerStep), whole(part.id));
        const auto fault = part.id == kThinned ? fault_of_thinned(collector.rows, wanted) : difference(collector.rows, wanted);
        if (!fault.empty()) return "series " + std::to_string(part.id) + ": " + fault;
    }
    return reader->damage().empty() ? "" : reader->damage().front();
}

}  // namespace penstock::sqlite::testing
