// RELIABILITY.md P9, the archive's part: quality, value and time of a sample go from the driver's batch through engine, capture,
// archiver, record and journal, and come out as they went in.
#include <gtest/gtest.h>

#include <cmath>
#include <functional>
#include <limits>

#include "tests/core/engine/plant.hpp"
#include "tests/core/history/archive_plant.hpp"
#include "tests/support/fault_row.hpp"

namespace penstock::history_test {
namespace {

using engine::kStartNs;

constexpr QualityCode kQualities[] = {QualityCode::good,
                                      QualityCode::good_local_override,
                                      QualityCode::uncertain_sub_normal,
                                      QualityCode::uncertain_last_usable,
                                      QualityCode::uncertain_substitute,
                                      QualityCode::bad_timeout,
                                      QualityCode::bad_sensor_failure,
                                      QualityCode::bad_device_failure};
const double kValues[] = {
    1.0, std::nan(""), std::numeric_limits<double>::infinity(), -0.0, std::numeric_limits<double>::denorm_min(), 100.0};
// None, now to the nanosecond, 1970, 2106, two hours ahead.
constexpr std::int64_t kTimes[] = {0, kStartNs + 1'234'567, 1, 4'291'747'200'000'000'000, kStartNs + 7'200'000'000'000};

// The engine with one archived tag of range -10 to 10, and what was archived of one sample.
class ArchivedSample {
public:
    ArchivedSample()
        : plant_({tag()}),
          capture_(plant_.engine.catalog().id_limit()),
          lane_(open()),
          archiver_(tags::TagReader(plant_.engine.table()), capture_, *lane_) {
        plant_.engine.set_capture(capture_, [](tags::TagId) { return engine::CaptureMode::changes; });
        plant_.deliver(0, 5.0);
        archiver_.gather(plant_.now);
    }
    std::optional<Row> archive(QualityCode quality, double value, std::int64_t time) {
        SampleBatch batch;
        batch.add_word(0, word_of(value), quality, time, batch.cause("said the device"));
        plant_.advance(5ms);
        plant_.deliver(batch);
        archiver_.gather(plant_.now);
        return last_row();
    }
    [[nodiscard]] std::int64_t now() const { return to_ns(plant_.now.utc); }

private:
    static tags::TagDefinition tag() {
        static const tags::ArchiveRule rule = on_change();
        auto tag = engine::device_tag("d");
        tag.range_low = -10;
        tag.range_high = 10;
        tag.archive = &rule;
        return tag;
    }
    std::unique_ptr<journal::Lane> open() const {
        journal::LaneOptions options;
        options.kind = journal::LaneKind::values;
        options.folder = folder_.path() / "values";
        options.server_id = "test";
        options.segment_bytes = 64 * 1024;
        return std::move(*journal::Lane::open(base::real_file_system(), options));
    }
    std::optional<Row> last_row() {
        if (!lane_->commit()) return std::nullopt;
        const auto reader = lane_->reader(0);
        journal::Record record;
        history::DecodedValues values;
        std::optional<Row> last;
        for (auto more = reader->next(record); more && *more; more = reader->next(record)) {
            if (record.type != journal::RecordType::values || !history::decode_values(record.body, values)) continue;
            for (auto& [id, rows] : series_of(values)) last = rows.back();
        }
        return last;
    }

    penstock::testing::TempFolder folder_;
    engine::Plant plant_;
    engine::Capture capture_;
    std::unique_ptr<journal::Lane> lane_;
    history::Archiver archiver_;
};

Row expected(QualityCode quality, double value, std::int64_t time, std::int64_t now) {
    const bool is_out = !(value >= -10 && value <= 10);
    const bool is_off = time != 0 && std::abs(static_cast<double>(time) - static_cast<double>(now)) > 3.6e12;
    Row row{time == 0 || is_off ? now : time, quality, "said the device", word_of(value), {}};
    if (is_bad(quality)) {
        row.word = 0;
        row.time = now;  // when it was found to be bad
    } else if (quality == QualityCode::good && is_out) {
        row.quality = QualityCode::uncertain_range_exceeded;
        row.cause = "the value is outside the range -10 to 10";
    } else if (quality == QualityCode::good && is_off) {
        row.quality = QualityCode::uncertain_source_time;
        row.cause = "the device's time stamp is further off than the tag allows";
    }
    return row;
}

// How many of all combinations are not as they were. `carry`: what else becomes of a row on its way.
std::size_t harmed(const std::function<Row(Row)>& carry) {
    std::size_t count = 0;
    for (const auto quality : kQualities) {
        for (const auto value : kValues) {
            for (const auto time : kTimes) {
                ArchivedSample plant;
                const auto row = plant.archive(quality, value, time);
                if (!row || !(carry(*row) == expected(quality, value, time, plant.now()))) ++count;
            }
        }
    }
    return count;
}

TEST(ArchiveQuality, P9_EveryCombinationOfQualityValueAndTimeIsArchivedUnharmed) {
    EXPECT_EQ(harmed([](Row row) { return row; }), 0U);
    penstock::testing::report_row("P9", std::size(kQualities) * std::size(kValues) * std::size(kTimes),
                                  "combinations of quality, value and time in the archive");
}

TEST(ArchiveQuality, P9_ControlAWayThatHarmsOneOfThemIsFound) {
    EXPECT_GT(harmed([](Row row) {
                  row.quality = is_bad(row.quality) ? QualityCode::bad : row.quality;
                  return row;
              }),
              0U);
    EXPECT_GT(harmed([](Row row) {
                  row.word = word_of(double_of(row.word) + 0.0);  // -0.0 becomes 0.0
                  return row;
              }),
              0U);
    EXPECT_GT(harmed([](Row row) {
                  row.time = row.time / 1'000'000 * 1'000'000;
                  return row;
              }),
              0U);
}

// Whatever the time, once a sample is archived under it: seconds of 1970, 2106, and the ends of what 64 bits hold.
TEST(ArchiveQuality, P9_AllTimesAreArchivedUnharmed) {
    ArchivePlant plant({{.rule = on_change()}, {.rule = cyclic(1s)}, {.rule = on_change(0, 100ms, 1s)}});
    const std::int64_t times[] = {1, -1, 4'291'747'200'000'000'000, INT64_MAX, INT64_MIN, kStart, 999'999'999};
    std::int64_t ms = 0;
    for (const auto time : times) {
        ++ms;
        for (const tags::TagId tag : {0U, 1U, 2U}) {
            plant.cycle(ms, [&] { plant.add_ns(tag, time, word_of(static_cast<double>(ms))); });
        }
        plant.gather(ms);
    }
    plant.archiver->finish(ArchivePlant::at(ms));
    for (const tags::TagId tag : {0U, 1U, 2U}) {
        std::vector<std::int64_t> kept;
        for (const auto& row : plant.read().series[tag]) kept.push_back(row.time);
        EXPECT_EQ(kept, std::vector<std::int64_t>(std::begin(times), std::end(times))) << tag;
    }
}

}  // namespace
}  // namespace penstock::history_test
