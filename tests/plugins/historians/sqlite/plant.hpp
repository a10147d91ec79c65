#pragma once

#include <filesystem>
#include <limits>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "historian.hpp"
#include "tests/plugins/historians/sqlite/model.hpp"

namespace penstock::sqlite::testing {

inline constexpr auto kLeast = std::numeric_limits<std::int64_t>::min();
inline constexpr auto kMost = std::numeric_limits<std::int64_t>::max();
inline constexpr Duration kLong = std::chrono::hours(24 * 36'500);

// A historian and beside it all that it was told.
class Plant {
public:
    Plant() { open(); }

    // Kept for 100 years, unless said otherwise.
    void define(SeriesId id, ValueType type, Duration keep_raw = kLong, Duration keep_minutes = kLong,
                Duration keep_hours = kLong) {
        SeriesInfo info;
        info.id = id;
        const auto name = "tag" + std::to_string(id);
        info.name = name;
        info.type = type;
        info.keep_raw = keep_raw;
        info.keep_minutes = keep_minutes;
        info.keep_hours = keep_hours;
        historian_->define({&info, 1});
        types_[id] = type;
    }
    void append(const std::map<SeriesId, std::vector<Row>>& rows) {
        OwnedColumns columns;
        std::vector<SeriesRun> runs;
        for (const auto& [id, of_series] : rows) {
            runs.push_back({id, columns.size(), static_cast<std::uint32_t>(of_series.size())});
            for (const auto& row : of_series) columns.add(row, types_.at(id));
            auto& all = arrived_[id];
            all.insert(all.end(), of_series.begin(), of_series.end());
        }
        HistoryBatch batch;
        batch.runs = runs;
        batch.samples = columns.view();
        batch.begin = position_;
        batch.end = position_ += 3;
        historian_->append(batch);
    }
    void close() {
        historian_->flush();
        historian_.reset();
    }
    void reopen() {
        historian_->flush();
        historian_.reset();
        open();
    }
    void tidy_all(UtcTime now = utc_from_ns(kLeast)) {
        while (historian_->tidy(now)) {
        }
    }
    [[nodiscard]] std::vector<Row> read(HistoryReader& reader, const SampleRange& range) {
        Collector collector(types_.at(range.series));
        reader.read(range, collector);
        return collector.rows;
    }
    void expect_all() {
        const auto reader = historian_->open_reader();
        for (const auto& [id, rows] : arrived_) {
            for (const bool is_down : {false, true}) {
                SampleRange range;
                range.series = id;
                range.from = kLeast;
                range.to = kMost;
                range.newest_first = is_down;
                ASSERT_EQ(difference(read(*reader, range), expected(rows, range)), "")
                    << "series " << id << (is_down ? " down" : " up");
            }
        }
        EXPECT_TRUE(reader->damage().empty());
    }
    [[nodiscard]] Historian& historian() { return *historian_; }
    [[nodiscard]] const std::vector<Row>& arrived(SeriesId id) { return arrived_[id]; }
    [[nodiscard]] ValueType type(SeriesId id) { return types_.at(id); }
    [[nodiscard]] JournalPosition position() const { return position_; }
    [[nodiscard]] const std::filesystem::path& folder() const { return folder_.path(); }

private:
    void open() {
        historian_ = std::make_unique<SqliteHistorian>(Options{});
        ASSERT_EQ(historian_->open(folder_.path()), position_);
    }
    TemporaryFolder folder_;
    std::unique_ptr<SqliteHistorian> historian_;
    JournalPosition position_ = 0;
    std::map<SeriesId, ValueType> types_;
    std::map<SeriesId, std::vector<Row>> arrived_;
};

}  // namespace penstock::sqlite::testing
