#pragma once

// What stands for raw samples beyond their time: one cell for a minute, later one for an hour. Stored as columns, each a chunk of the
// codec: average (with times and qualities), minimum, maximum, seconds, count.

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <penstock/historian.hpp>

namespace penstock::sqlite {

enum class Grain : std::uint8_t { minute = 0, hour = 1 };
[[nodiscard]] constexpr std::int64_t length_of(Grain grain) noexcept {
    return grain == Grain::minute ? 60'000'000'000 : 3'600'000'000'000;
}
[[nodiscard]] constexpr std::string_view cause_of(Grain grain) noexcept {
    return grain == Grain::minute ? "the average of a minute" : "the average of an hour";
}

// A cell without a value (seconds 0) is bad. The value that a cell begins with, held from before, counts for minimum and maximum.
struct Cell {
    std::int64_t time = 0;  // where it begins
    QualityCode quality = QualityCode::good;  // the worst in it; bad only where nothing is not
    double average = 0, minimum = 0, maximum = 0;  // NaN where bad
    double seconds = 0;  // that have a value
    std::uint64_t count = 0;  // raw samples
};

// 1 to kMostRows cells in order of time.
[[nodiscard]] std::string encode_cells(SeriesId series, std::span<const Cell> cells);
// Appends; false if the bytes are damaged.
[[nodiscard]] bool decode_cells(std::string_view bytes, SeriesId series, std::vector<Cell>& into);

// As a reader gives it: the average in the series' own type, uncertain; or bad.
struct CellSample {
    StatusWord status;  // cause 1, or none
    std::uint64_t word;
};
[[nodiscard]] CellSample sample_of(const Cell& cell, ValueType type) noexcept;
[[nodiscard]] SampleSummary summary_of(const Cell& cell, Grain grain) noexcept;

// Raw rows into cells of a minute. A value holds until the next; a cell is made for each minute that has a sample, and for the one
// behind it, so that what held afterwards is said.
class MinuteMaker {
public:
    struct Held {
        bool is_known = false;
        StatusWord status = 0;
        std::uint64_t word = 0;
    };
    MinuteMaker(ValueType type, const Held& held) : type_(type), held_(held) {}
    void add(const SampleView& rows);
    // Nothing comes before `end`, a whole minute. Returns the cells.
    [[nodiscard]] std::vector<Cell> finish(std::int64_t end);
    [[nodiscard]] const Held& held() const noexcept { return held_; }

private:
    void hold_until(std::int64_t time);
    void begin_cell(std::int64_t time);
    void end_cell();
    void note_value();

    ValueType type_;
    Held held_;
    std::vector<Cell> cells_;
    Cell cell_;
    bool is_open_ = false;
    bool had_sample_ = false;
    std::int64_t at_ = 0;
    double sum_ = 0;
    QualityCode worst_bad_ = QualityCode::good;
};

// Minutes into hours: each minute's average holds until the next cell.
[[nodiscard]] std::vector<Cell> hours_of(std::span<const Cell> minutes, std::int64_t end);

}  // namespace penstock::sqlite
