#pragma once

// Holds one historian as the host holds it, through the table that crosses the library boundary, and beside it what it should hold:
// every row that was appended, and the journal from which it is repeated after a crash.
//
//     HistorianRig rig(&penstock_plugin_factory, "{}");
//     rig.define({{.id = 1, .name = "level", .unit = "m", .type = ValueType::float64}});
//     rig.append({{1, row(1000, 2.5)}, {1, row(2000, 2.75)}});
//     rig.crash();                          // a new instance on the same folder; nothing was flushed
//     rig.repeat();                         // from persisted(), as the host does
//     EXPECT_EQ(rig.read({.series = 1, .from = 0, .to = 5000}).size(), 2U);
//
// What must never happen (a fault, a position out of place) is a failure of the test at once.

#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <ostream>
#include <string>
#include <vector>

#include <penstock/historian.hpp>
#include <penstock/testing/json_settings.hpp>

namespace penstock::testing {

// One sample. `bytes` for strings and arrays, `word` for all else.
struct HistoryRow {
    std::int64_t time = 0;
    std::uint64_t word = 0;
    std::string bytes = {};
    QualityCode quality = QualityCode::good;
    std::string cause = {};

    bool operator==(const HistoryRow&) const = default;
};
void PrintTo(const HistoryRow& row, std::ostream* out);

[[nodiscard]] HistoryRow row(std::int64_t time, double value);
[[nodiscard]] HistoryRow row(std::int64_t time, const Value& value);  // of any type
[[nodiscard]] HistoryRow bad_row(std::int64_t time, std::string cause, QualityCode quality = QualityCode::bad_no_communication);

struct SeriesRow {
    SeriesId series;
    HistoryRow row;
};
using HistoryRows = std::vector<HistoryRow>;

// A stretch that a reader gave as a summary, or rows.
struct SummaryPiece {
    bool is_summary = false;
    SampleSummary summary;
    HistoryRows rows;
};

// A reader that is open; to be gone before its historian.
class ReaderRig {
public:
    ReaderRig(abi::ReaderGuest& guest, const std::map<SeriesId, ValueType>& types) : guest_(&guest), types_(types) {}
    ReaderRig(ReaderRig&& other) noexcept : guest_(std::exchange(other.guest_, nullptr)), types_(other.types_) {}
    ReaderRig& operator=(ReaderRig&&) = delete;
    ~ReaderRig();

    [[nodiscard]] JournalPosition position() const;
    // `most`: the sink has enough after so many rows, and expects to be left alone.
    [[nodiscard]] HistoryRows read(const SampleRange& range, std::size_t most = SIZE_MAX) const;
    [[nodiscard]] HistoryRows read_before(SeriesId series, std::int64_t time) const;
    [[nodiscard]] bool has_summaries() const;
    [[nodiscard]] std::vector<SummaryPiece> summarise(const SampleRange& range, Duration most_span) const;
    [[nodiscard]] std::vector<std::string> damage() const;

private:
    [[nodiscard]] ValueType type_of(SeriesId series) const;

    abi::ReaderGuest* guest_;
    std::map<SeriesId, ValueType> types_;
};

class HistorianRig {
public:
    using Factory = void* (*)(const abi::Birth&, abi::Fault&) noexcept;

    // In a folder of its own, which goes with the rig, or in `folder`.
    HistorianRig(Factory factory, std::string settings_json, std::filesystem::path folder = {});
    HistorianRig(const HistorianRig&) = delete;
    HistorianRig& operator=(const HistorianRig&) = delete;
    ~HistorianRig();

    [[nodiscard]] const std::filesystem::path& folder() const noexcept { return folder_; }
    void define(const std::vector<SeriesInfo>& series);
    // One batch, one position further. Rows of a series may stand anywhere; they are brought into runs.
    void append(const std::vector<SeriesRow>& rows);
    void flush();
    // Until there is no more to do.
    void tidy(UtcTime now);
    [[nodiscard]] JournalPosition persisted() const;
    [[nodiscard]] JournalPosition appended() const noexcept { return appended_; }
    [[nodiscard]] ReaderRig open_reader() const;
    [[nodiscard]] HistorianStatus status() const;
    [[nodiscard]] bool has_backup() const;
    [[nodiscard]] bool back_up(const std::filesystem::path& folder);  // a piece; true if there is more

    // The instance is destroyed, unflushed, and another one opened.
    void crash();
    // Hands over again what a crash took.
    void repeat();

    // Shorthands for a reader of this moment.
    [[nodiscard]] HistoryRows read(const SampleRange& range) const { return open_reader().read(range); }
    [[nodiscard]] HistoryRows read_all(SeriesId series) const;
    // What a reader of `position` should give: rows in order of (time, arrival), [from, to).
    [[nodiscard]] HistoryRows expected(SeriesId series, JournalPosition position = UINT64_MAX, std::int64_t from = INT64_MIN,
                                       std::int64_t to = INT64_MAX) const;
    // Flushes, and compares every series with what it should be.
    void expect_everything();

private:
    void bear();
    void hand_over(JournalPosition begin);

    Factory factory_;
    JsonSettings settings_;
    std::filesystem::path folder_;
    bool owns_folder_ = false;
    abi::HistorianGuest* guest_ = nullptr;
    std::map<SeriesId, ValueType> types_;
    std::map<SeriesId, SeriesInfo> infos_;
    std::map<SeriesId, std::pair<std::string, std::string>> texts_;  // name and unit, which infos_ borrow
    std::vector<std::vector<SeriesRow>> journal_;  // batch n covers the positions n to n + 1
    JournalPosition appended_ = 0;
};

}  // namespace penstock::testing
