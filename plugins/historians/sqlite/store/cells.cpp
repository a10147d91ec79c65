#include "cells.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <memory>

#include "codec/chunk.hpp"
#include "summary.hpp"

namespace penstock::sqlite {
namespace {

constexpr double kNone = std::numeric_limits<double>::quiet_NaN();
constexpr std::size_t kColumns = 5;

std::int64_t floor_to(std::int64_t time, std::int64_t length) noexcept {
    constexpr auto least = std::numeric_limits<std::int64_t>::min();
    if (time < least + length) return least;
    const auto rest = time % length;
    return time - (rest < 0 ? rest + length : rest);
}

std::uint64_t column_of(const Cell& cell, std::size_t column) noexcept {
    switch (column) {
        case 0: return word_of(cell.average);
        case 1: return word_of(cell.minimum);
        case 2: return word_of(cell.maximum);
        case 3: return word_of(cell.seconds);
        default: return cell.count;
    }
}

void set_column(Cell& cell, std::size_t column, std::uint64_t word) noexcept {
    switch (column) {
        case 0: cell.average = double_of(word); break;
        case 1: cell.minimum = double_of(word); break;
        case 2: cell.maximum = double_of(word); break;
        case 3: cell.seconds = double_of(word); break;
        default: cell.count = word; break;
    }
}

double seconds_between(std::int64_t from, std::int64_t to) noexcept { return static_cast<double>(to - from) * 1e-9; }

void widen(Cell& cell, double minimum, double maximum) noexcept {
    if (!(cell.minimum <= minimum)) cell.minimum = minimum;
    if (!(cell.maximum >= maximum)) cell.maximum = maximum;
}

Cell empty_cell(std::int64_t time) noexcept {
    Cell cell;
    cell.time = time;
    cell.average = cell.minimum = cell.maximum = kNone;
    return cell;
}

}  // namespace

std::string encode_cells(SeriesId series, std::span<const Cell> cells) {
    std::vector<std::int64_t> times;
    std::vector<StatusWord> statuses;
    std::vector<std::uint64_t> words(cells.size());
    for (const auto& cell : cells) {
        times.push_back(cell.time);
        statuses.push_back(status_word(cell.quality));
    }
    std::string bytes;
    for (std::size_t column = 0; column < kColumns; ++column) {
        if (column == 3) std::ranges::fill(statuses, 0);  // seconds and count are there also where the value is bad
        std::ranges::transform(cells, words.begin(), [&](const Cell& cell) { return column_of(cell, column); });
        std::string chunk;
        encode_chunk({series, column}, {times, statuses, words, {}, {}},
                     {column == 4 ? ValueType::uint64 : ValueType::float64, {}}, chunk);
        ByteWriter(bytes).text(chunk);
    }
    return bytes;
}

bool decode_cells(std::string_view bytes, SeriesId series, std::vector<Cell>& into) {
    const auto rows = std::make_unique<RowBuffer>();
    ByteReader in(bytes);
    const auto first = into.size();
    for (std::size_t column = 0; column < kColumns; ++column) {
        ChunkKey key;
        if (!decode_chunk(in.text(), key, *rows) || key != ChunkKey{series, column}) return false;
        if (column == 0) into.resize(first + rows->size);
        if (into.size() != first + rows->size) return false;
        for (std::size_t i = 0; i < rows->size; ++i) {
            auto& cell = into[first + i];
            if (column == 0) {
                cell = empty_cell(rows->time[i]);
                cell.quality = status_quality(rows->status[i]);
            }
            if (!is_bad(status_quality(rows->status[i]))) set_column(cell, column, rows->word[i]);
        }
    }
    return !in.failed();
}

CellSample sample_of(const Cell& cell, ValueType type) noexcept {
    if (is_bad(cell.quality)) return {status_word(cell.quality, 1), 0};
    const auto status = status_word(worse(QualityCode::uncertain, cell.quality), 1);
    const auto rounded = std::nearbyint(cell.average);
    switch (type) {
        case ValueType::float64: return {status, word_of(cell.average)};
        case ValueType::int64:
            return {status,
                    static_cast<std::uint64_t>(static_cast<std::int64_t>(std::clamp(rounded, -0x1p63, 0x1.fffffffffffffp62)))};
        case ValueType::uint64: return {status, static_cast<std::uint64_t>(std::clamp(rounded, 0.0, 0x1.fffffffffffffp63))};
        default: return {status, cell.average >= 0.5 ? 1U : 0U};
    }
}

SampleSummary summary_of(const Cell& cell, Grain grain) noexcept {
    SampleSummary summary;
    summary.first_time = summary.minimum_time = summary.maximum_time = cell.time;
    summary.last_time = cell.time + length_of(grain) - 1;
    summary.count = std::max<std::uint64_t>(cell.count, 1);
    summary.bad = is_bad(cell.quality) ? summary.count : 0;
    summary.minimum = cell.minimum;
    summary.maximum = cell.maximum;
    summary.first = summary.last = cell.average;
    summary.weighted_sum = is_bad(cell.quality) ? 0 : cell.average * cell.seconds;
    summary.weighted_seconds = cell.seconds;
    summary.worst = is_bad(cell.quality) ? cell.quality : worse(QualityCode::uncertain, cell.quality);
    return summary;
}

void MinuteMaker::begin_cell(std::int64_t time) {
    cell_ = empty_cell(time);
    is_open_ = true;
    had_sample_ = false;
    at_ = time;
    sum_ = 0;
    worst_bad_ = QualityCode::good;
    if (held_.is_known) note_value();
}

// What holds now counts for the cell.
void MinuteMaker::note_value() {
    const auto quality = status_quality(held_.status);
    const auto value = number_of(type_, held_.status, held_.word);
    if (std::isnan(value)) {
        worst_bad_ = is_bad(quality) ? quality : QualityCode::bad;
        return;
    }
    widen(cell_, value, value);
    cell_.quality = worse(cell_.quality, quality);
}

void MinuteMaker::end_cell() {
    const auto end = cell_.time + length_of(Grain::minute);
    hold_until(end);
    if (cell_.seconds > 0) {
        cell_.average = sum_ / cell_.seconds;
        if (worst_bad_ != QualityCode::good) cell_.quality = worse(QualityCode::uncertain, cell_.quality);
    } else {
        cell_.quality = worst_bad_ == QualityCode::good ? QualityCode::bad : worst_bad_;
        cell_.minimum = cell_.maximum = kNone;
    }
    cells_.push_back(cell_);
    is_open_ = false;
}

void MinuteMaker::hold_until(std::int64_t time) {
    const auto value = held_.is_known ? number_of(type_, held_.status, held_.word) : kNone;
    const auto seconds = seconds_between(at_, time);
    if (!std::isnan(value)) {
        sum_ += value * seconds;
        cell_.seconds += seconds;
    }
    at_ = time;
}

void MinuteMaker::add(const SampleView& rows) {
    constexpr auto kMinute = length_of(Grain::minute);
    for (std::size_t i = 0; i < rows.size(); ++i) {
        const auto minute = floor_to(rows.time[i], kMinute);
        if (is_open_ && cell_.time != minute) {
            const bool goes_on = had_sample_;
            const auto next = cell_.time + kMinute;
            end_cell();
            if (goes_on && next < minute) {
                begin_cell(next);
                end_cell();
            }
        }
        if (!is_open_) begin_cell(minute);
        hold_until(rows.time[i]);
        held_ = {true, status_word(status_quality(rows.status[i])), rows.word[i]};
        had_sample_ = true;
        ++cell_.count;
        note_value();
    }
}

std::vector<Cell> MinuteMaker::finish(std::int64_t end) {
    if (is_open_) {
        const auto next = cell_.time + length_of(Grain::minute);
        end_cell();
        if (next < end) {
            begin_cell(next);
            end_cell();
        }
    }
    return std::move(cells_);
}

std::vector<Cell> hours_of(std::span<const Cell> minutes, std::int64_t end) {
    constexpr auto kHour = length_of(Grain::hour);
    std::vector<Cell> hours;
    double sum = 0;
    const auto close = [&] {
        auto& hour = hours.back();
        if (hour.seconds > 0)
            hour.average = sum / hour.seconds;
        else if (!is_bad(hour.quality))
            hour.quality = QualityCode::bad;
    };
    for (std::size_t i = 0; i < minutes.size(); ++i) {
        const auto& minute = minutes[i];
        // What the last of an hour holds into the next is not followed: that hour says it again where it has samples.
        const auto begin = floor_to(minute.time, kHour);
        if (hours.empty() || hours.back().time != begin) {
            if (!hours.empty()) close();
            hours.push_back(empty_cell(begin));
            hours.back().quality = minute.quality;
            sum = 0;
        }
        auto& hour = hours.back();
        const auto until = std::min(i + 1 < minutes.size() ? minutes[i + 1].time : end, begin + kHour);
        const auto lasts = seconds_between(minute.time, until);
        const auto seconds = lasts > 60 ? lasts : std::min(minute.seconds, lasts);
        hour.count += minute.count;
        if (is_bad(minute.quality)) continue;
        hour.quality =
            is_bad(hour.quality) ? worse(QualityCode::uncertain, minute.quality) : worse(hour.quality, minute.quality);
        sum += minute.average * seconds;
        hour.seconds += seconds;
        widen(hour, minute.minimum, minute.maximum);
    }
    if (!hours.empty()) close();
    return hours;
}

}  // namespace penstock::sqlite
