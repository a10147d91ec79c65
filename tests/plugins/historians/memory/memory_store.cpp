#include "tests/plugins/historians/memory/memory_store.hpp"

#include <algorithm>
#include <limits>
#include <numeric>

namespace penstock::testing {
namespace {

struct RowRef {
    std::int64_t time;
    const MemorySegment* segment;
    std::size_t row, arrival;
};

// In order of (time, arrival).
std::vector<RowRef> rows_of(const MemorySeries& series, const SampleRange& range) {
    std::vector<RowRef> rows;
    for (const auto& segment : series.segments) {
        const auto& time = segment->time;
        const auto first = std::ranges::lower_bound(time, range.from) - time.begin();
        const auto last = std::ranges::lower_bound(time, range.to) - time.begin();
        for (auto row = first; row < last; ++row) {
            rows.push_back({time[static_cast<std::size_t>(row)], segment.get(), static_cast<std::size_t>(row), rows.size()});
        }
    }
    std::ranges::sort(rows, {}, [](const RowRef& ref) { return std::pair(ref.time, ref.arrival); });
    if (range.newest_first) std::ranges::reverse(rows);
    rows.erase(rows.begin(), rows.begin() + static_cast<std::ptrdiff_t>(std::min<std::uint64_t>(range.skip, rows.size())));
    return rows;
}

// Columns that are handed out piece by piece.
class Piece {
public:
    explicit Piece(ValueType type) : uses_blob_(!is_scalar_word(type)) {}

    void add(const RowRef& ref) {
        const auto& segment = *ref.segment;
        auto status = status_word(status_quality(segment.status[ref.row]));
        const auto cause = status_cause(segment.status[ref.row]);
        if (cause != 0) {
            causes_.push_back(segment.causes[cause - 1U]);
            status |= static_cast<StatusWord>(causes_.size());
        }
        auto word = segment.word[ref.row];
        if (uses_blob_) {
            const auto bytes = segment.blob_at(ref.row);
            word = bytes.empty() ? 0 : static_cast<std::uint64_t>(blob_.size()) << 32U | bytes.size();
            blob_ += bytes;
        }
        time_.push_back(ref.time);
        status_.push_back(status);
        word_.push_back(word);
    }
    [[nodiscard]] bool is_full() const { return time_.size() >= 4096 || blob_.size() > (1U << 20U); }
    bool flush(auto& into) {
        if (time_.empty()) return true;
        const bool wants_more =
            into.take(SampleView{.time = time_, .status = status_, .word = word_, .blob = blob_, .causes = causes_});
        *this = Piece(uses_blob_ ? ValueType::string : ValueType::float64);
        return wants_more;
    }

private:
    bool uses_blob_;
    std::vector<std::int64_t> time_;
    std::vector<StatusWord> status_;
    std::vector<std::uint64_t> word_;
    std::string blob_;
    std::vector<std::string_view> causes_;
};

bool hand_out(std::span<const RowRef> rows, ValueType type, auto& into) {
    Piece piece(type);
    for (const auto& row : rows) {
        piece.add(row);
        if (piece.is_full() && !piece.flush(into)) return false;
    }
    return piece.flush(into);
}

double number_of(ValueType type, const RowRef& ref) {
    const auto quality = status_quality(ref.segment->status[ref.row]);
    if (is_bad(quality)) return std::numeric_limits<double>::quiet_NaN();
    return Value::from_word(type, ref.segment->word[ref.row]).as_double_or(0);
}

SampleSummary summary_of(std::span<const RowRef> rows, ValueType type) {
    SampleSummary summary;
    summary.first_time = rows.front().time;
    summary.last_time = rows.back().time;
    summary.minimum = summary.maximum = std::numeric_limits<double>::quiet_NaN();
    summary.first = number_of(type, rows.front());
    summary.last = number_of(type, rows.back());
    const RowRef* valued = nullptr;
    for (std::size_t i = 0; i < rows.size(); ++i) {
        const auto value = number_of(type, rows[i]);
        const auto quality = status_quality(rows[i].segment->status[rows[i].row]);
        const bool is_value = value == value;  // not NaN
        summary.count += 1;
        summary.good += is_value && is_good(quality) ? 1 : 0;
        summary.bad += is_value ? 0 : 1;
        summary.worst = worse(summary.worst, is_value || is_bad(quality) ? quality : QualityCode::bad);
        if (!is_value) continue;
        if (i + 1 < rows.size()) {
            const auto seconds = static_cast<double>(rows[i + 1].time - rows[i].time) / 1e9;
            summary.weighted_sum += value * seconds;
            summary.weighted_seconds += seconds;
        }
        if (!(summary.minimum <= value)) summary.minimum = value, summary.minimum_time = rows[i].time;
        if (!(summary.maximum >= value)) summary.maximum = value, summary.maximum_time = rows[i].time;
        if (valued != nullptr && number_of(type, *valued) != value) summary.transitions += 1;
        valued = &rows[i];
    }
    return summary;
}

}  // namespace

std::string_view MemorySegment::blob_at(std::size_t row) const {
    return std::string_view(blob).substr(word[row] >> 32U, word[row] & 0xFFFF'FFFFU);
}

std::uint16_t MemorySegment::cause(std::string_view text) {
    if (text.empty()) return 0;
    auto known = std::ranges::find(causes, text);
    if (known == causes.end()) known = causes.emplace(causes.end(), text);
    return static_cast<std::uint16_t>(known - causes.begin() + 1);
}

void MemorySegment::add_row(std::int64_t at, StatusWord quality, std::string_view why, std::uint64_t value) {
    time.push_back(at);
    status.push_back(status_word(status_quality(quality), cause(why)));
    word.push_back(value);
}

std::uint64_t MemorySegment::add_bytes(std::string_view bytes) {
    if (bytes.empty()) return 0;
    const auto offset = static_cast<std::uint64_t>(blob.size());
    blob += bytes;
    return offset << 32U | bytes.size();
}

void MemorySegment::add(const SampleView& from, std::size_t row, bool uses_blob) {
    const auto value = uses_blob ? add_bytes(from.blob_at(row)) : from.word[row];
    add_row(from.time[row], from.status[row], from.cause_at(row), value);
}

MemorySegment MemorySegment::since(std::int64_t oldest, bool uses_blob) const {
    MemorySegment young;
    for (std::size_t row = 0; row < time.size(); ++row) {
        if (time[row] < oldest) continue;
        const auto why = status_cause(status[row]);
        young.add_row(time[row], status[row], why == 0 ? std::string_view() : causes[why - 1U],
                      uses_blob ? young.add_bytes(blob_at(row)) : word[row]);
    }
    return young;
}

void MemorySegment::sort() {
    if (std::ranges::is_sorted(time)) return;
    std::vector<std::size_t> order(time.size());
    std::iota(order.begin(), order.end(), 0U);
    std::ranges::sort(order, {}, [this](std::size_t row) { return std::pair(time[row], row); });
    const auto in_order = [&](auto& column) {
        auto sorted = column;
        for (std::size_t i = 0; i < order.size(); ++i) sorted[i] = column[order[i]];
        column = std::move(sorted);
    };
    in_order(status);
    in_order(word);
    in_order(time);
}

const MemorySeries* MemoryReader::find(SeriesId series) const {
    const auto found = state_->series.find(series);
    return found == state_->series.end() ? nullptr : found->second.get();
}

void MemoryReader::read(const SampleRange& range, SampleSink& into) {
    const auto* series = find(range.series);
    if (series != nullptr) hand_out(rows_of(*series, range), series->type, into);
}

void MemoryReader::read_before(SeriesId id, std::int64_t time, SampleSink& into) {
    const auto* series = find(id);
    if (series == nullptr) return;
    std::vector<RowRef> newest;
    for (const auto& segment : series->segments) {
        const auto row = std::ranges::lower_bound(segment->time, time) - segment->time.begin();
        if (row == 0) continue;
        const RowRef found{segment->time[static_cast<std::size_t>(row - 1)], segment.get(), static_cast<std::size_t>(row - 1),
                           0};
        if (newest.empty()) newest.push_back(found);
        if (found.time >= newest.front().time) newest.front() = found;  // of equal times the one that came last
    }
    hand_out(newest, series->type, into);
}

void MemoryReader::summarise(const SampleRange& range, Duration most_span, SummarySink& into) {
    const auto* series = find(range.series);
    if (series == nullptr) return;
    const auto rows = rows_of(*series, range);
    constexpr std::size_t kStretch = 64;
    const bool is_number = is_scalar_word(series->type);
    for (std::size_t first = 0; first < rows.size(); first += kStretch) {
        const auto stretch = std::span(rows).subspan(first, std::min(kStretch, rows.size() - first));
        const bool fits = is_number && !range.newest_first && stretch.size() == kStretch
                          && stretch.back().time - stretch.front().time <= most_span.count();
        const bool wants_more = fits ? into.take(summary_of(stretch, series->type)) : hand_out(stretch, series->type, into);
        if (!wants_more) return;
    }
}

}  // namespace penstock::testing
